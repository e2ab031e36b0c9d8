import { extensionsOf } from '../extensions.ts'
import { PLAIN_SCHEMATIC } from '../lan.ts'
import { machineStatus, servicesOf } from '../services.ts'
import type { ResourceType } from './model.ts'

/** Hardware, machine status, services, extensions, version and the machine config. */
export const runtimeTypes: ResourceType[] = [
  {
    type: 'SystemInformations.hardware.talos.dev',
    namespace: 'hardware',
    aliases: ['systeminformation'],
    owner: 'hardware.SystemInfoController',
    list: ({ hardware }) => [
      {
        id: 'systeminformation',
        spec: {
          manufacturer: hardware.manufacturer,
          productName: hardware.productName,
          ...(hardware.version ? { version: hardware.version } : {}),
          serialnumber: hardware.serial,
          uuid: hardware.uuid,
          wakeUpType: 'Power Switch',
        },
      },
    ],
  },
  {
    type: 'Processors.hardware.talos.dev',
    namespace: 'hardware',
    aliases: ['cpus', 'cpu'],
    owner: 'hardware.SystemInfoController',
    list: ({ hardware: { cpu } }) => [
      {
        id: 'CPU-0',
        spec: {
          socket: 'U3E1',
          manufacturer: cpu.manufacturer,
          productName: cpu.productName,
          maxSpeedMhz: 4200,
          bootSpeedMhz: cpu.mhz,
          status: 65,
          coreCount: cpu.cores,
          coreEnabled: cpu.cores,
          threadCount: cpu.threads,
        },
      },
    ],
  },
  {
    type: 'MemoryModules.hardware.talos.dev',
    namespace: 'hardware',
    aliases: ['ram'],
    owner: 'hardware.SystemInfoController',
    list: ({ hardware }) => [
      {
        id: 'DIMM-0',
        spec: {
          sizeMiB: hardware.memoryMib,
          deviceLocator: 'DIMM 0',
          bankLocator: 'BANK 0',
          speed: 2666,
          manufacturer: 'Hynix',
        },
      },
    ],
  },
  {
    type: 'MachineStatuses.runtime.talos.dev',
    namespace: 'runtime',
    aliases: [],
    owner: 'runtime.MachineStatusController',
    list: (machine, lan) => [{ id: 'machine', spec: machineStatus(machine, lan.clock.now()), version: 2 }],
  },
  {
    type: 'Services.v1alpha1.talos.dev',
    namespace: 'runtime',
    aliases: ['svc'],
    owner: 'v1alpha1.ServiceController',
    list: (machine, lan) =>
      servicesOf(machine, lan.clock.now()).map(({ id, running, healthy, unknown }) => ({
        id,
        spec: { running, healthy, unknown },
      })),
  },
  {
    type: 'Versions.runtime.talos.dev',
    namespace: 'runtime',
    aliases: [],
    owner: 'runtime.VersionController',
    list: ({ record }) => [{ id: 'version', spec: { version: record.talosVersion } }],
  },
  {
    type: 'ExtensionStatuses.runtime.talos.dev',
    namespace: 'runtime',
    aliases: ['extensions'],
    owner: 'runtime.ExtensionStatusController',
    list: ({ record }, lan) => {
      const names = extensionsOf(lan.store, record.schematic).map((name) => ({
        name: name.replace(/^siderolabs\//, ''),
        version: record.talosVersion,
      }))
      const all =
        record.schematic === PLAIN_SCHEMATIC ? names : [...names, { name: 'schematic', version: record.schematic }]
      return all.map(({ name, version }, index) => ({
        id: String(index),
        spec: { image: `${index}.sqsh`, metadata: { name, version, author: '', description: '' } },
      }))
    },
  },
  {
    type: 'MachineConfigs.config.talos.dev',
    namespace: 'config',
    aliases: ['mc'],
    sensitive: true,
    owner: 'config.AcquireController',
    list: ({ record }) =>
      record.config === undefined ? [] : [{ id: 'v1alpha1', spec: record.config, version: record.configVersion }],
  },
  {
    type: 'MachineTypes.config.talos.dev',
    namespace: 'config',
    aliases: [],
    owner: 'config.MachineTypeController',
    list: ({ facts }) => [{ id: 'machine-type', spec: facts?.role ?? 'unknown' }],
  },
]

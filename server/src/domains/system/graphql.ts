import { builder } from '../../platform/schema-builder.ts'
import type { Device } from './device.ts'
import type { SystemService, SystemStatus, Tool } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    system: SystemService
  }
}

const HealthType = builder.objectRef<ReturnType<SystemService['health']>>('SystemHealth').implement({
  description: 'Is the daemon well?',
  fields: (t) => ({
    status: t.exposeString('status', { description: 'healthy, or degraded when a required tool is missing.' }),
    version: t.exposeString('version', { description: 'Version of the daemon.' }),
    uptime: t.exposeString('uptime', { description: 'Such as 24h30m15s.' }),
  }),
})

const ToolType = builder.objectRef<Tool>('Tool').implement({
  description: 'An external program the daemon uses.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    required: t.exposeBoolean('required', { description: 'Clusters cannot be managed without it.' }),
    path: t.string({ nullable: true, description: 'Where it is.', resolve: ({ path }) => path }),
    version: t.string({ nullable: true, description: 'Its version.', resolve: ({ version }) => version }),
    problem: t.string({
      nullable: true,
      description: 'What is wrong and how to get it.',
      resolve: ({ problem }) => problem,
    }),
  }),
})

const StatusType = builder.objectRef<SystemStatus>('SystemStatus').implement({
  description: 'The daemon, its tools and this device.',
  fields: (t) => ({
    daemon: t.exposeString('daemon', { description: 'running.' }),
    version: t.exposeString('version', { description: 'Version of the daemon.' }),
    uptime: t.exposeString('uptime', { description: 'Such as 24h30m15s.' }),
    instances: t.exposeInt('instances', { description: 'How many instances there are.' }),
    dnsmasq: t.exposeString('dnsmasq', { description: 'not_configured until DNS/DHCP is set up.' }),
    tools: t.field({ type: [ToolType], description: 'The external programs.', resolve: ({ tools }) => tools }),
    mirror: t.string({ nullable: true, description: 'Mirror in use for downloads.', resolve: ({ mirror }) => mirror }),
    dataDirectory: t.exposeString('dataDirectory', { description: 'Where everything is kept.' }),
    node: t.exposeString('node', { description: 'Version of Node.' }),
    device: t.field({
      type: DeviceType,
      description: 'The machine it runs on.',
      resolve: (_status, _args, { services }) => services.system.device(),
    }),
  }),
})

const DeviceType = builder.objectRef<Device>('Device').implement({
  description: 'The machine the daemon runs on.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its host name.' }),
    diskTotal: t.field({ type: 'Bytes', description: 'Size of the disk with the data.', resolve: (d) => d.diskTotal }),
    diskFree: t.field({ type: 'Bytes', description: 'What is free of it.', resolve: (d) => d.diskFree }),
    memoryTotal: t.field({ type: 'Bytes', description: 'Memory there is.', resolve: (d) => d.memoryTotal }),
    memoryFree: t.field({
      type: 'Bytes',
      description: 'Memory programs can still have.',
      resolve: (d) => d.memoryFree,
    }),
    load: t.exposeFloat('load', { description: 'Programs that wanted a processor, on average, in the last minute.' }),
    bytesWritten: t.field({
      type: 'Bytes',
      nullable: true,
      description: 'What the daemon has written to disk since it started; memory cards wear out by it.',
      resolve: ({ bytesWritten }) => bytesWritten,
    }),
    problems: t.exposeStringList('problems', { description: 'What is running out, with what to do.' }),
  }),
})

builder.queryFields((t) => ({
  health: t.field({
    type: HealthType,
    description: 'Is the daemon well?',
    resolve: (_root, _args, { services }) => services.system.health(),
  }),
  status: t.field({
    type: StatusType,
    description: 'The daemon, its tools and this device.',
    resolve: (_root, _args, { services }) => services.system.status(),
  }),
}))

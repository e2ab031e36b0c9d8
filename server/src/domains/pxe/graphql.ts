import { plannedBy } from '../../operations/change-plan.ts'
import { given } from '../../platform/given.ts'
import { builder } from '../../platform/schema-builder.ts'
import { ArchitectureType } from '../talos/index.ts'
import { type Boot, bootStages, type PxeChange, type PxeSettings, unknownPolicies } from './model.ts'
import type { Machine, PxeService, PxeState } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    pxe: PxeService
  }
}

const UnknownType = builder.enumType('UnknownMachinePolicy', {
  description: 'What a machine boots that is neither assigned nor a node.',
  values: unknownPolicies,
})
const StageType = builder.enumType('BootStage', {
  description:
    'How far a boot came: `script` was sent, `kernel` too, `booted`: everything; `turned_away` to its own disk; `missing`: files are not here.',
  values: bootStages,
})

const SettingsType = builder.objectRef<PxeSettings>('PxeSettings').implement({
  description: 'How machines boot from the network.',
  fields: (t) => ({
    enabled: t.exposeBoolean('enabled', { description: 'Machines can boot from here.' }),
    unknown: t.field({
      type: UnknownType,
      description: 'What unknown machines get.',
      resolve: ({ unknown }) => unknown,
    }),
    instance: t.string({
      nullable: true,
      description: 'What unknown machines boot, with `unknown: instance`.',
      resolve: ({ instance }) => instance,
    }),
  }),
})

const StateType = builder.objectRef<PxeState>('PxeState').implement({
  description: 'How booting from the network is just now.',
  fields: (t) => ({
    settings: t.field({ type: SettingsType, description: 'What is set.', resolve: ({ settings }) => settings }),
    url: t.string({
      nullable: true,
      description: 'Where machines fetch from; null while nothing listens.',
      resolve: ({ url }) => url,
    }),
    interface: t.exposeString('interface', { description: 'Network interface, that of DNS and DHCP.' }),
    loaders: t.exposeStringList('loaders', { description: 'Network boot loaders served by TFTP.' }),
    problem: t.string({ nullable: true, description: 'Why it does not run.', resolve: ({ problem }) => problem }),
    warnings: t.exposeStringList('warnings', { description: 'What keeps machines from booting all the same.' }),
  }),
})

const MachineType = builder.objectRef<Machine>('BootMachine').implement({
  description: 'A machine and what it boots.',
  fields: (t) => ({
    mac: t.exposeString('mac', { description: 'Its hardware address.' }),
    instance: t.exposeString('instance', { description: 'What it boots.' }),
    reason: t.exposeString('reason', { description: '`assigned`, or the node it is.' }),
  }),
})

const BootType = builder.objectRef<Boot>('Boot').implement({
  description: 'A machine that booted from here.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'Its number.' }),
    mac: t.exposeString('mac', { description: 'Which machine.' }),
    ip: t.exposeString('ip', { description: 'The address it asked from.' }),
    architecture: t.field({
      type: ArchitectureType,
      description: 'Its processor.',
      resolve: ({ architecture }) => architecture,
    }),
    instance: t.string({
      nullable: true,
      description: 'What it boots; null with a menu, or when it got nothing.',
      resolve: ({ instance }) => instance,
    }),
    stage: t.field({ type: StageType, description: 'How far it came.', resolve: ({ stage }) => stage }),
    startedAt: t.field({ type: 'DateTime', description: 'When it asked.', resolve: ({ startedAt }) => startedAt }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When it got on last.',
      resolve: ({ updatedAt }) => updatedAt,
    }),
  }),
})

builder.queryFields((t) => ({
  pxe: t.field({
    type: StateType,
    description: 'How booting from the network is just now.',
    resolve: (_root, _args, { services }) => services.pxe.state(),
  }),
  bootMachines: t.field({
    type: [MachineType],
    description: 'Machines that boot a certain instance: assigned ones and nodes.',
    resolve: (_root, _args, { services }) => services.pxe.machines(),
  }),
  boots: t.field({
    type: [BootType],
    description: 'Machines that booted from here, newest first.',
    resolve: (_root, _args, { services }) => services.pxe.boots(),
  }),
  bootScript: t.string({
    description: 'The script a machine would get now.',
    args: {
      mac: t.arg.string({ description: 'Its hardware address.' }),
      architecture: t.arg({ type: ArchitectureType, description: 'Its processor (default amd64).' }),
    },
    resolve: (_root, { mac, architecture }, { services }) =>
      services.pxe.script(mac ?? undefined, architecture ?? undefined),
  }),
}))

builder.mutationFields((t) => ({
  setPxe: t.field({
    type: StateType,
    description: 'Switches booting from the network on or off, and says what unknown machines get.',
    args: {
      enabled: t.arg.boolean({ description: 'Machines can boot from here.' }),
      unknown: t.arg({ type: UnknownType, description: 'What unknown machines get.' }),
      instance: t.arg.string({ description: 'What they boot, with `unknown: instance`.' }),
    },
    ...plannedBy<PxeChange>((args, { services }) => services.pxe.planSet(given(args))),
    resolve: (_root, args, { services, via }) => services.pxe.set(given(args), via),
  }),
  assignBoot: t.boolean({
    description: 'Says what a machine boots from now on.',
    args: {
      mac: t.arg.string({ required: true, description: 'Its hardware address.' }),
      instance: t.arg.string({ required: true, description: 'The instance.' }),
    },
    ...plannedBy<{ mac: string; instance: string }>(({ mac, instance }, { services }) =>
      services.pxe.planAssign(mac, instance),
    ),
    async resolve(_root, { mac, instance }, { services }) {
      await services.pxe.assign(mac, instance)
      return true
    },
  }),
  unassignBoot: t.boolean({
    description: 'Forgets what a machine was assigned.',
    args: { mac: t.arg.string({ required: true, description: 'Its hardware address.' }) },
    ...plannedBy<{ mac: string }>(({ mac }, { services }) => services.pxe.planAssign(mac, undefined)),
    async resolve(_root, { mac }, { services }) {
      await services.pxe.assign(mac, undefined)
      return true
    },
  }),
}))

builder.subscriptionField('pxeChanges', (t) =>
  t.string({
    description: 'A machine boots (`boots`), or something about booting changed (`state`); read it again.',
    subscribe: (_root, _args, { services }) => services.pxe.changes.iterate(),
    resolve: (change) => change,
  }),
)

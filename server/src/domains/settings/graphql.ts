import { plannedBy } from '../../operations/change-plan.ts'
import { builder, type RequestContext } from '../../platform/schema-builder.ts'
import { VersionType } from '../../platform/version-type.ts'
import type { Setting, SettingsChange, SettingsService } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    settings: SettingsService
  }
}

const SettingType = builder.objectRef<Setting>('DaemonSetting').implement({
  description: 'A setting of the daemon itself, in central.yaml.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Where it stands, such as `trash.keepDays`.' }),
    help: t.exposeString('help', { description: 'What it is for.' }),
    default: t.exposeInt('default', { description: 'What it is when nobody set it.' }),
    value: t.exposeInt('value', { description: 'What is in effect.' }),
    isSet: t.exposeBoolean('isSet', { description: 'Somebody set it.' }),
  }),
})

/** A change of central.yaml as a plan shows it: the difference, or nothing. */
async function planned({ services }: RequestContext, change: SettingsChange) {
  const diff = await services.settings.preview(change)
  return diff ? [{ kind: 'file' as const, text: 'central.yaml would be changed', diff }] : []
}

const keyArg = { required: true, description: 'Such as `trash.keepDays`.' } as const
const versionArg = { required: true, description: 'Number of the version.' } as const

builder.queryFields((t) => ({
  daemonSettings: t.field({
    type: [SettingType],
    description: 'The settings of the daemon.',
    resolve: (_root, _args, { services }) => services.settings.list(),
  }),
  daemonSettingsYaml: t.string({
    description: 'central.yaml as it is on disk, also when it does not parse.',
    resolve: (_root, _args, { services }) => services.settings.text(),
  }),
  daemonSettingsHistory: t.field({
    type: [VersionType],
    description: 'States of central.yaml, newest first; edits made by hand are among them.',
    resolve: (_root, _args, { services }) => services.settings.history(),
  }),
  daemonSettingsDiff: t.string({
    description: 'Unified diff from a version to another one, or to what is on disk now. Empty when they are alike.',
    args: {
      version: t.arg.int(versionArg),
      to: t.arg.int({ description: 'Number of the other version; without it, the file as it is now.' }),
    },
    resolve: (_root, { version, to }, { services }) => services.settings.diff(version, to ?? undefined),
  }),
}))

builder.mutationFields((t) => ({
  setDaemonSetting: t.boolean({
    ...plannedBy<{ key: string; value: unknown }>(({ key, value }, context) => planned(context, { set: key, value })),
    description: 'Sets one setting of the daemon; it takes effect at once. False when it already had this value.',
    args: { key: t.arg.string(keyArg), value: t.arg({ type: 'JSON', required: true, description: 'What.' }) },
    resolve: (_root, { key, value }, { services, via }) =>
      services.settings.set(key, value, { via, reason: `daemon settings set ${key}` }),
  }),
  resetDaemonSetting: t.boolean({
    ...plannedBy<{ key: string }>(({ key }, context) => planned(context, { reset: key })),
    description: 'Sets one setting of the daemon back to its default. False when it was not set.',
    args: { key: t.arg.string(keyArg) },
    resolve: (_root, { key }, { services, via }) =>
      services.settings.reset(key, { via, reason: `daemon settings unset ${key}` }),
  }),
  restoreDaemonSettings: t.boolean({
    ...plannedBy<{ version: number }>(({ version }, context) => planned(context, { restore: version })),
    description:
      'Writes a version of central.yaml again, as a new version; what has a door of its own (DNS, context) stays as it is.',
    args: { version: t.arg.int(versionArg) },
    resolve: (_root, { version }, { services, via }) =>
      services.settings.restore(version, { via, reason: `version ${version} restored` }),
  }),
}))

import { builder } from '../../../platform/schema-builder.ts'
import { SettingType } from '../../catalog/index.ts'
import { SecretKindType } from '../../secrets/index.ts'
import type { CatalogApp, CatalogSecret } from '../model.ts'
import type { Proposal } from './proposal.ts'

const AppSecretType = builder.objectRef<CatalogSecret>('AppSecret').implement({
  description: 'A secret an app uses.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Where it is kept.' }),
    kind: t.field({ type: SecretKindType, description: 'Where it comes from.', resolve: ({ kind }) => kind }),
    optional: t.exposeBoolean('optional', { description: 'The app works without it.' }),
    description: t.string({ nullable: true, description: 'What it is for.', resolve: (secret) => secret.description }),
  }),
})

export const CatalogAppType = builder.objectRef<CatalogApp>('CatalogApp').implement({
  description: 'An app that can be added.',
  fields: (t) => ({
    name: t.string({ description: 'Its name.', resolve: ({ name }) => name }),
    title: t.string({ description: 'Its name for people.', resolve: ({ title }) => title }),
    description: t.string({ description: 'What it is for.', resolve: ({ description }) => description }),
    version: t.string({ description: 'Its version.', resolve: ({ version }) => version }),
    category: t.string({ description: 'What kind of app it is.', resolve: ({ category }) => category }),
    dependencies: t.stringList({
      description: 'Apps that come with it.',
      resolve: ({ dependsOn }) => dependsOn,
    }),
    icon: t.string({ description: 'Path of its icon.', resolve: ({ name }) => `/icons/apps/${name}.svg` }),
    links: t.field({ type: 'JSON', description: 'Where to read more.', resolve: ({ links }) => links }),
    defaultConfig: t.field({
      type: 'JSON',
      description: 'Its settings with their defaults, templates as written.',
      resolve: ({ defaultConfig }) => defaultConfig,
    }),
    settings: t.field({
      type: [SettingType],
      description: 'Its settings, as a form asks for them.',
      resolve: ({ settings }) => settings,
    }),
    requiredSecrets: t.stringList({
      description: 'Paths of the secrets it uses.',
      resolve: ({ requiredSecrets }) => requiredSecrets,
    }),
    secrets: t.field({
      type: [AppSecretType],
      description: 'The secrets it uses, without values.',
      resolve: ({ secrets }) => secrets,
    }),
  }),
})

export const ProposalType = builder.objectRef<Proposal>('AppProposal').implement({
  description: 'What adding an app would set and need.',
  fields: (t) => ({
    values: t.field({
      type: 'JSON',
      description: 'Its settings by name, as they would be.',
      resolve: ({ values }) => values,
    }),
    alongside: t.exposeStringList('alongside', { description: 'Apps it needs that are not there yet.' }),
    missingSecrets: t.exposeStringList('missingSecrets', { description: 'Secrets a person still has to give.' }),
    missingSettings: t.exposeStringList('missingSettings', {
      description: 'Paths in config.yaml that its files cannot do without, and that have no default.',
    }),
    madeSecrets: t.exposeStringList('madeSecrets', { description: 'Secrets that would be made up.' }),
    cores: t.exposeFloat('cores', { description: 'Cores that it and those alongside ask for.' }),
    memoryBytes: t.exposeFloat('memoryBytes', { description: 'Bytes of memory that it and those alongside ask for.' }),
    storageBytes: t.exposeFloat('storageBytes', {
      description: 'Bytes of storage that it and those alongside ask for.',
    }),
  }),
})

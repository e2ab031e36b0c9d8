import { builder } from '../../platform/schema-builder.ts'
import { type Setting, valueTypes } from './model.ts'

export const SettingType = builder.objectRef<Setting>('Setting').implement({
  description: 'A setting of an app or service, as its manifest declares it.',
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'Its path in config.yaml: of an app below apps.<app>, of a service from the root.',
    }),
    type: t.field({
      type: builder.enumType('SettingType', { description: 'What a setting holds.', values: valueTypes }),
      description: 'What it holds.',
      resolve: ({ type }) => type,
    }),
    title: t.exposeString('title', { description: 'Its name for people.' }),
    prompt: t.string({ nullable: true, description: 'The question it answers.', resolve: ({ prompt }) => prompt }),
    help: t.string({ nullable: true, description: 'What it is for.', resolve: ({ help }) => help }),
    choices: t.stringList({
      nullable: true,
      description: 'The values it may have.',
      resolve: ({ choices }) => choices,
    }),
    default: t.field({
      type: 'JSON',
      nullable: true,
      description:
        'What it is when nobody says: of an app as written, which may be a template, of a service worked out.',
      resolve: (setting) => setting.default,
    }),
    value: t.field({ type: 'JSON', nullable: true, description: 'What it is now.', resolve: ({ value }) => value }),
  }),
})

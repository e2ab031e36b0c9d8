import { builder } from '../../platform/schema-builder.ts'
import { fileStates, type RenderedFile } from './model.ts'
import type { TemplatesService } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    templates: TemplatesService
  }
}

const FileState = builder.enumType('TemplateFileState', {
  description: 'How a rendered file differs from what is there; unknown when that was not asked.',
  values: fileStates,
})

const Rendered = builder.objectRef<RenderedFile>('RenderedTemplate').implement({
  description: 'A rendered template.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Path within the folder, or the name that was given.' }),
    text: t.exposeString('text', { description: 'The result.' }),
    secret: t.exposeBoolean('secret', { description: 'A secret went into the text: write it with mode 0600.' }),
    renderer: t.exposeString('renderer', { description: 'What rendered it: built-in or gomplate.' }),
    state: t.field({ type: FileState, description: 'Compared with what is there.', resolve: ({ state }) => state }),
    diff: t.string({
      nullable: true,
      description: 'Unified difference, secrets masked; absent when not asked for, the same, or too big to show.',
      resolve: ({ diff }) => diff,
    }),
  }),
})

const TemplateFile = builder.inputType('TemplateFileInput', {
  description: 'A file of a folder of templates.',
  fields: (t) => ({
    path: t.string({ required: true, description: 'Path within the folder.' }),
    text: t.string({ required: true, description: 'The template.' }),
    current: t.string({ description: 'What is in the target file now; left out when there is none.' }),
  }),
})

const instanceArg = { required: true, description: 'Name of the instance.' } as const
const secretsArg = {
  description: 'Let templates see secrets, as `.secrets` and `ds "secrets"`. This is noted in the audit log.',
} as const
const compareArg = { description: 'Tell how the result differs from `current`.' } as const

builder.mutationFields((t) => ({
  renderTemplate: t.field({
    type: Rendered,
    description: 'Renders a text over the configuration of an instance. Changes nothing.',
    args: {
      instance: t.arg.string(instanceArg),
      template: t.arg.string({ required: true, description: 'The template.' }),
      name: t.arg.string({ description: 'How errors call it.' }),
      current: t.arg.string({ description: 'What is in the target file now; left out when there is none.' }),
      compare: t.arg.boolean(compareArg),
      secrets: t.arg.boolean(secretsArg),
    },
    resolve: (_root, { instance, ...input }, { services, via }) => services.templates.render(instance, input, via),
  }),
  renderTemplateFiles: t.field({
    type: [Rendered],
    description: 'Renders the files of a folder over the configuration of an instance: all or none. Changes nothing.',
    args: {
      instance: t.arg.string(instanceArg),
      files: t.arg({ type: [TemplateFile], required: true, description: 'At most 500 files.' }),
      compare: t.arg.boolean(compareArg),
      secrets: t.arg.boolean(secretsArg),
    },
    resolve: (_root, { instance, ...input }, { services, via }) => services.templates.renderFiles(instance, input, via),
  }),
}))

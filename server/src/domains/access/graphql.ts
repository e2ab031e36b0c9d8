import { builder } from '../../platform/schema-builder.ts'
import type { AccessService } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    access: AccessService
  }
}

builder.queryField('tokenWanted', (t) =>
  t.boolean({
    description: 'This daemon wants a token with each request.',
    resolve: (_root, _args, { services }) => services.access.wanted,
  }),
)

builder.mutationField('replaceToken', (t) =>
  t.string({
    description: 'A new token instead of the one in use, which is worth nothing from then on. Shown this once.',
    resolve: (_root, _args, { services, via }) => services.access.replace(via),
  }),
)

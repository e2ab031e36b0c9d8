import { builder } from '../../../platform/schema-builder.ts'
import type { ServiceToken, ServiceTokens } from './service.ts'

declare module '../../../platform/schema-builder.ts' {
  interface Services {
    serviceTokens: ServiceTokens
  }
}

const TokenType = builder.objectRef<ServiceToken>('ServiceToken').implement({
  description: 'A token to log in to a service with. It is answered once and kept nowhere.',
  fields: (t) => ({
    service: t.exposeString('service', { description: 'Where it lets in.' }),
    token: t.exposeString('token', { description: 'The token. Keep it to yourself.' }),
    expiresAt: t.exposeString('expiresAt', { description: 'Until when it is good (ISO 8601).' }),
  }),
})

builder.mutationFields((t) => ({
  createServiceToken: t.field({
    type: TokenType,
    description: 'Makes a token to log in to a service with, such as the dashboard. Noted in the audit log.',
    args: {
      instance: t.arg.string({ required: true, description: 'Name of the instance.' }),
      service: t.arg.string({ required: true, description: 'The service, by its name or an older one.' }),
    },
    resolve: (_root, { instance, service }, { services, via }) => services.serviceTokens.create(instance, service, via),
  }),
}))

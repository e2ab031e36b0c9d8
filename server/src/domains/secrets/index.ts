export { SecretKindType } from './graphql.ts'
export { knownSecrets } from './known.ts'
export { randomSecret } from './model.ts'
export type { SecretsService } from './service.ts'

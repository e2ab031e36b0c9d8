export { OperationType } from './graphql-types.ts'

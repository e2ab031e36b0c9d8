export { OperationType } from './graphql.ts'

import '../../domains/access/graphql.ts'
import '../../domains/apps/graphql.ts'
import '../../domains/cluster/graphql.ts'
import '../../domains/cluster/health/graphql.ts'
import '../../domains/config/graphql.ts'
import '../../domains/dns/graphql.ts'
import '../../domains/instances/archive/graphql.ts'
import '../../domains/instances/graphql.ts'
import '../../domains/instances/trash/graphql.ts'
import '../../domains/nodes/graphql.ts'
import '../../domains/operations/graphql.ts'
import '../../domains/secrets/graphql.ts'
import '../../domains/services/graphql.ts'
import '../../domains/system/graphql.ts'
import '../../domains/templates/graphql.ts'
import { builder } from '../../platform/schema-builder.ts'

/** The API: every domain's types, queries, mutations and subscriptions. */
export const schema = builder.toSchema()

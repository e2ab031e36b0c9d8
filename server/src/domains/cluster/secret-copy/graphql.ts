import { builder } from '../../../platform/schema-builder.ts'
import { OperationType } from '../../operations/index.ts'

builder.mutationField('copyClusterSecret', (t) =>
  t.field({
    type: OperationType,
    description:
      'Copies a Secret of the cluster to other namespaces; copies that already say the same stay as they are.',
    args: {
      instance: t.arg.string({ required: true, description: 'Name of the instance.' }),
      source: t.arg.string({ required: true, description: 'NAMESPACE:SECRET, such as cert-manager:my-tls.' }),
      namespaces: t.arg.stringList({ required: true, description: 'Where to.' }),
    },
    resolve: (_root, args, { services, via }) => services.cluster.copySecret(args, via),
  }),
)

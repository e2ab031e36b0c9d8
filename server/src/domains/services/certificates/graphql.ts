import { builder } from '../../../platform/schema-builder.ts'
import { OperationType } from '../../operations/index.ts'

builder.mutationFields((t) => ({
  copyCertificates: t.field({
    type: OperationType,
    description:
      'Puts the wildcard certificates next to every ingress that uses them. The daemon does so by itself after a renewal.',
    args: { instance: t.arg.string({ required: true, description: 'Name of the instance.' }) },
    resolve: (_root, { instance }, { services, via }) => services.services.copyCertificates({ instance }, via),
  }),
}))

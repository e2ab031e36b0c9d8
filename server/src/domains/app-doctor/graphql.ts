import { builder } from '../../platform/schema-builder.ts'
import { OperationType } from '../operations/index.ts'
import type { AppDoctorService } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    appDoctor: AppDoctorService
  }
}

builder.mutationFields((t) => ({
  examineApp: t.field({
    type: OperationType,
    description:
      'Looks at everything an app needs to work; changes nothing. The result of the operation has `status` (healthy, degraded, unhealthy) and `checks`, each with `name`, `status` (passing, warning, failing), `message` and `remedy`.',
    args: {
      instance: t.arg.string({ required: true, description: 'Name of the instance.' }),
      app: t.arg.string({ required: true, description: 'Name of the app.' }),
    },
    resolve: (_root, { instance, app }, { services, via }) => services.appDoctor.examine({ instance, app }, via),
  }),
}))

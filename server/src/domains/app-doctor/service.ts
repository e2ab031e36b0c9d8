import type { OperationRecord } from '../../operations/engine.ts'
import type { Door } from '../../platform/door.ts'
import type { DoctorInput } from './model.ts'
import { appDoctor } from './operation.ts'
import type { DoctorDeps } from './world.ts'

/** Finds out why an app does not work. */
export interface AppDoctorService {
  /** Throws NOT_FOUND when the app was not added, CONFLICT without a cluster. */
  examine(input: DoctorInput, via: Door): Promise<OperationRecord>
}

/** Defines `app.doctor`. */
export function createAppDoctor(deps: DoctorDeps): AppDoctorService {
  deps.operations.define(appDoctor(deps))
  return { examine: (input, via) => deps.operations.start('app.doctor', input, via) }
}

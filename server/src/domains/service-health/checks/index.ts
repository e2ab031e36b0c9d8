import { asWildError } from '../../../platform/errors.ts'
import type { HealthCheckSpec } from '../../catalog/index.ts'
import type { CheckOf, Look } from '../look.ts'
import type { Finding, ServiceCheck } from '../model.ts'
import { block } from './block.ts'
import { copies } from './copies.ts'
import { addresses, endpoints, page, tcp } from './network.ts'
import { nfs } from './nfs.ts'
import { absent, defaultClass, expiry, objects } from './objects.ts'

type Checks = {
  [Name in HealthCheckSpec['check']]: (look: Look, check: CheckOf<Name>, now: number) => Promise<Finding>
}

const checks: Checks = {
  objects,
  absent,
  addresses,
  copies,
  expiry,
  'default-class': defaultClass,
  block,
  endpoints,
  page,
  tcp,
  nfs,
}

/** Looks once. Trouble with looking is a finding too. */
export async function runCheck(look: Look, check: HealthCheckSpec, now: number): Promise<ServiceCheck> {
  const run = checks[check.check] as (look: Look, check: HealthCheckSpec, now: number) => Promise<Finding>
  const found = await run(look, check, now).catch((error: unknown) => ({
    well: false,
    message: asWildError(error).message,
  }))
  return {
    name: check.title,
    status: found.well ? 'passing' : check.severity,
    message: found.message,
    remedy: found.well ? '' : check.remedy,
  }
}

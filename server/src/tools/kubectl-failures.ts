import { saidBy, WildError } from '../platform/errors.ts'

const unreachable =
  /connection to the server .* was refused|Unable to connect to the server|no route to host|i\/o timeout|connection refused|was refused - did you specify|ServiceUnavailable|the server is currently unable to handle the request|unable to return a response in the time allotted/i
/** The API server answered, and etcd behind it did not. */
const etcdSilent = /etcdserver: (request timed out|no leader|leader changed)/
/** A health path that names the checks that fail. */
const failedChecks = /\[-\]([\w./-]+) failed/g
/** The API server answered: one of its webhooks is what could not be reached. */
const webhook = /failed calling webhook/i
/** The certificate or token of the kubeconfig is not taken. */
const notLoggedIn = /You must be logged in to the server/

/** True when a failed call was turned away because of who asked. */
export function isTurnedAway(error: unknown): boolean {
  return error instanceof WildError && notLoggedIn.test(saidBy(error))
}

/** What the cluster does not do, from what kubectl printed; undefined when it is another kind of failure. */
function outage(output: string): string | undefined {
  if (webhook.test(output)) return undefined
  if (notLoggedIn.test(output))
    return 'The API server does not take the certificate of the kubeconfig: it has ended, or is of another cluster. Renew the access: wild-cli cluster renew'
  const failed = [...output.matchAll(failedChecks)].map(([, name]) => name!)
  if (etcdSilent.test(output) || failed.includes('etcd'))
    return 'The API server answers, but etcd behind it does not: the cluster can neither be read nor changed. wild-cli cluster health tells which control planes are missing.'
  if (failed.length)
    return `The API server answers, but is not ready: ${failed.join(', ')}. It may be starting: try again in a minute.`
  if (!unreachable.test(output)) return undefined
  return 'The cluster does not answer. Check that its machines are on and reachable, then try again.'
}

/** Trouble with the connection, or behind the API server, as CLUSTER_UNREACHABLE with the next action; else as it was. */
export function explained(error: unknown): unknown {
  if (!(error instanceof WildError) || error.code !== 'TOOL_FAILED') return error
  const message = outage(String(error.details.output ?? ''))
  if (!message) return error
  return new WildError(
    'CLUSTER_UNREACHABLE',
    message,
    { ...error.details, hint: isTurnedAway(error) ? 'wild-cli cluster renew' : 'wild-cli cluster health' },
    { cause: error },
  )
}

import { WildError } from '../../../../platform/errors.ts'

/** Why no snapshot can be made now. */
export function etcdNowhere(): WildError {
  return new WildError(
    'CLUSTER_UNREACHABLE',
    'No snapshot of etcd can be made: etcd runs on none of the control planes that answer. Bring one back, then try again.',
    { hint: 'wild-cli cluster health' },
  )
}

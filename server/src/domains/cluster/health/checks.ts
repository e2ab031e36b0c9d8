import { checksOf, verdict } from '../health.ts'
import type { ClusterHealth, HealthCheck } from '../model.ts'
import { certificateChecks } from './certificates.ts'
import type { HealthFacts } from './facts.ts'
import { clockChecks, etcdCheck, nodesCheck, versionChecks } from './machines.ts'
import { ingressChecks, loadBalancerChecks, vipCheck } from './network.ts'
import { podChecks, storageChecks } from './workloads.ts'

/** Every check, in the order they are shown. What is not installed, or cannot be asked, has none. */
export function allChecks(facts: HealthFacts): HealthCheck[] {
  const better: Record<string, HealthCheck> = {
    etcd: etcdCheck(facts),
    Nodes: nodesCheck(facts),
    VIP: vipCheck(facts),
  }
  return [
    ...checksOf(facts).map((check) => better[check.name] ?? check),
    ...ingressChecks(facts),
    ...loadBalancerChecks(facts),
    ...storageChecks(facts),
    ...podChecks(facts),
    ...certificateChecks(facts.certificates, facts.now),
    ...clockChecks(facts),
    ...versionChecks(facts),
  ]
}

/** The full health of a bootstrapped cluster. */
export function fullHealth(facts: HealthFacts): ClusterHealth {
  const checks = allChecks(facts)
  return {
    status: verdict(checks),
    checks,
    certificates: facts.certificates,
    checkedAt: new Date(facts.now).toISOString(),
  }
}

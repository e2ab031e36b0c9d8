import type { KubeObject } from '../../../tools/kubectl.ts'
import { passing } from '../health.ts'
import { apiPort, type HealthCheck } from '../model.ts'
import { ageOf, fullName, type HealthFacts, ofKind, some } from './facts.ts'

/** A new service is given its address within this time. */
const addressMs = 60_000

/** Who answers at the virtual address: this cluster, nobody, or a stranger. */
export function vipCheck(facts: HealthFacts): HealthCheck {
  const name = 'VIP'
  if (facts.stranger)
    return {
      name,
      status: 'failing',
      message: `At ${facts.vip}:${apiPort} answers somebody else than this cluster (${facts.stranger})`,
      remedy: `Another device or cluster has the address ${facts.vip}. Find it by that address in your router, and give it another one.`,
    }
  if (facts.vipAnswers) return passing(name, `${facts.vip} answers, with a certificate of this cluster`)
  return {
    name,
    status: 'failing',
    message: `Nobody answers at ${facts.vip}:${apiPort}`,
    remedy:
      'The virtual address is held by a healthy control plane: see etcd. Check too that no other device on the LAN has this address.',
  }
}

function loadBalancers(facts: HealthFacts): KubeObject[] | undefined {
  return ofKind(facts, 'Service')?.filter(({ spec }) => spec?.type === 'LoadBalancer')
}

function addressOf({ status }: KubeObject): string | undefined {
  return status?.loadBalancer?.ingress?.[0]?.ip
}

/** The service at the address apps are reached at, with its ports. */
export function ingressService(
  facts: Pick<HealthFacts, 'objects' | 'loadBalancerIp'>,
): { ip: string; ports: number[] } | undefined {
  const service = loadBalancers(facts as HealthFacts)?.find((each) => addressOf(each) === facts.loadBalancerIp)
  if (!service || !facts.loadBalancerIp) return undefined
  const ports = (service.spec?.ports ?? []) as { port: number; protocol?: string }[]
  return { ip: facts.loadBalancerIp, ports: ports.flatMap(({ port, protocol }) => (protocol === 'UDP' ? [] : [port])) }
}

/** Services that wait for an address of the LAN; nothing while there are none of their kind. */
export function loadBalancerChecks(facts: HealthFacts): HealthCheck[] {
  const name = 'LoadBalancer services'
  const all = loadBalancers(facts)
  if (!all?.length) return []
  const pending = all.filter((each) => !addressOf(each) && ageOf(each, facts.now) > addressMs)
  if (pending.length === 0)
    return [passing(name, all.length === 1 ? 'It has its address' : `All ${all.length} have their addresses`)]
  return [
    {
      name,
      status: 'warning',
      message: `${some(pending.map(fullName))} ${pending.length === 1 ? 'waits' : 'wait'} for an address`,
      remedy:
        'Check that the service metallb runs, and that cluster.ipAddressPool has a free address for each: wild-cli config get cluster.ipAddressPool',
    },
  ]
}

/** The address all apps are reached at; nothing while no service has it. */
export function ingressChecks({ ingress }: HealthFacts): HealthCheck[] {
  if (!ingress) return []
  const name = 'Ingress address'
  if (ingress.answers) return [passing(name, `${ingress.ip} answers`)]
  return [
    {
      name,
      status: 'warning',
      message: `Nothing answers at ${ingress.ip} (port ${ingress.ports.join(', ')})`,
      remedy: 'Check that the pods of traefik and metallb run, and that no other device has this address.',
    },
  ]
}

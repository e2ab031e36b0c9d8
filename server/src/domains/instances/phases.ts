import type { ClusterState } from './model.ts'

/** The way from nothing to running apps, in order. */
export const phaseNames = ['setup', 'infrastructure', 'cluster', 'services', 'apps'] as const
export type PhaseName = (typeof phaseNames)[number]

/** One thing that has to hold. */
export interface PhaseCheck {
  name: string
  ok: boolean
  /** What was found, in words. */
  message: string
  /** The command that helps; absent when all is well. */
  remedy?: string
}

export interface Phase {
  name: PhaseName
  /** Every check holds, and there is something to check. */
  complete: boolean
  checks: PhaseCheck[]
}

type Running = { name: string; status: string }

/** All that the checks look at; read anew each time, never stored. */
export interface PhaseFacts {
  /** Required keys of config.yaml that are not set. */
  missing: string[]
  nodes: { name: string; role: string; complete: boolean }[]
  /** Files of the instance that bootstrapping makes. */
  clusterSecrets: boolean
  kubeconfig: boolean
  cluster: ClusterState
  /** Core services only. */
  services: Running[]
  /** Apps that were added. */
  apps: Running[]
}

const check = (name: string, ok: boolean, good: string, bad: string, remedy: string): PhaseCheck => ({
  name,
  ok,
  message: ok ? good : bad,
  ...(ok ? {} : { remedy }),
})

const runs = (kind: 'service' | 'app', { name, status }: Running, remedy: string): PhaseCheck =>
  check(`${kind} ${name}`, status === 'running', 'It runs.', `It is ${status.replaceAll('_', ' ')}.`, remedy)

function setup({ missing }: PhaseFacts): PhaseCheck[] {
  const bad = `Not set: ${missing.join(', ')}.`
  return [check('required settings', missing.length === 0, 'All are set.', bad, 'wild-cli config prompt')]
}

function infrastructure({ nodes }: PhaseFacts): PhaseCheck[] {
  const controlPlanes = nodes.filter(({ role }) => role === 'controlplane')
  const ready = controlPlanes.filter(({ complete }) => complete)
  const good = `${ready.map(({ name }) => name).join(', ')} can be set up or is.`
  const bad = controlPlanes.length
    ? `${controlPlanes.map(({ name }) => name).join(', ')}: machine, disk or interface is not chosen yet.`
    : 'No machine has this role yet.'
  return [check('a control plane node', ready.length > 0, good, bad, 'wild-cli node setup control-1')]
}

function cluster({ clusterSecrets, kubeconfig, cluster: status }: PhaseFacts): PhaseCheck[] {
  return [
    check(
      'cluster secrets',
      clusterSecrets,
      'They are made.',
      'They are not made yet.',
      'wild-cli node setup control-1',
    ),
    check('kubeconfig', kubeconfig, 'It is there.', 'It is not fetched yet.', 'wild-cli cluster bootstrap'),
    check(
      'Kubernetes API',
      status === 'ready' || status === 'degraded',
      'It answers.',
      status === 'unreachable' ? 'It does not answer.' : 'The cluster is not bootstrapped yet.',
      status === 'unreachable' ? 'wild-cli cluster health' : 'wild-cli cluster bootstrap',
    ),
  ]
}

const checksOf: Record<PhaseName, (facts: PhaseFacts) => PhaseCheck[]> = {
  setup,
  infrastructure,
  cluster,
  services: ({ services }) => services.map((one) => runs('service', one, `wild-cli service install ${one.name}`)),
  apps: ({ apps }) => apps.map((one) => runs('app', one, `wild-cli app deploy ${one.name}`)),
}

/** How far an instance is, phase by phase, with what is missing for each. */
export function phasesOf(facts: PhaseFacts): Phase[] {
  return phaseNames.map((name) => {
    const checks = checksOf[name](facts)
    return { name, complete: checks.length > 0 && checks.every(({ ok }) => ok), checks }
  })
}

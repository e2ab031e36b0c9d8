import { describe, expect, it } from 'vitest'
import { type PhaseFacts, phasesOf } from './phases.ts'

const nothing: PhaseFacts = {
  missing: ['operator.email', 'cloud.domain'],
  nodes: [],
  clusterSecrets: false,
  kubeconfig: false,
  cluster: 'not_bootstrapped',
  services: [{ name: 'metallb', status: 'not_installed' }],
  apps: [],
}
const everything: PhaseFacts = {
  missing: [],
  nodes: [{ name: 'control-1', role: 'controlplane', complete: true }],
  clusterSecrets: true,
  kubeconfig: true,
  cluster: 'ready',
  services: [{ name: 'metallb', status: 'running' }],
  apps: [{ name: 'ghost', status: 'running' }],
}
const completed = (facts: PhaseFacts) => phasesOf(facts).flatMap(({ name, complete }) => (complete ? [name] : []))
const found = (facts: PhaseFacts, phase: string) =>
  phasesOf(facts)
    .find(({ name }) => name === phase)!
    .checks.map(({ name, message, remedy }) => [name, message, remedy])

describe('the phases of an instance', () => {
  it('come in order, none complete at the beginning, each saying what is missing and what to do', () => {
    expect(phasesOf(nothing).map(({ name }) => name)).toEqual([
      'setup',
      'infrastructure',
      'cluster',
      'services',
      'apps',
    ])
    expect(completed(nothing)).toEqual([])
    expect(found(nothing, 'setup')).toEqual([
      ['required settings', 'Not set: operator.email, cloud.domain.', 'wild-cli config prompt'],
    ])
    expect(found(nothing, 'services')).toEqual([
      ['service metallb', 'It is not installed.', 'wild-cli service install metallb'],
    ])
  })

  it('are all complete when everything runs, and say no remedy then', () => {
    expect(completed(everything)).toEqual(['setup', 'infrastructure', 'cluster', 'services', 'apps'])
    expect(phasesOf(everything).flatMap(({ checks }) => checks.filter(({ remedy }) => remedy))).toEqual([])
  })

  it('want a control plane node whose machine is chosen', () => {
    const worker = { name: 'worker-1', role: 'worker', complete: true }
    const unchosen = { name: 'control-1', role: 'controlplane', complete: false }
    expect(found({ ...everything, nodes: [worker] }, 'infrastructure')[0]![1]).toBe('No machine has this role yet.')
    expect(found({ ...everything, nodes: [unchosen] }, 'infrastructure')[0]![1]).toContain('control-1: machine, disk')
  })

  it('tell a cluster that does not answer from one that was never started', () => {
    expect(found({ ...everything, cluster: 'unreachable' }, 'cluster')[2]).toEqual([
      'Kubernetes API',
      'It does not answer.',
      'wild-cli cluster health',
    ])
    expect(completed({ ...everything, cluster: 'degraded' })).toContain('cluster')
  })

  it('without apps are not complete, nor wrong', () => {
    expect(phasesOf({ ...everything, apps: [] })[4]).toEqual({ name: 'apps', complete: false, checks: [] })
  })
})

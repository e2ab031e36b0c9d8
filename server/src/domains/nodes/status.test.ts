import { describe, expect, it } from 'vitest'
import type { KubernetesNode } from './kubernetes-nodes.ts'
import type { NodeRecord } from './model.ts'
import { nodeState } from './status.ts'

const applied: NodeRecord = {
  name: 'control-1',
  role: 'controlplane',
  interface: 'eth0',
  disk: '/dev/sda',
  targetIp: '10.0.0.31',
  maintenance: false,
}
const member: KubernetesNode = {
  name: 'control-1',
  ready: true,
  reason: '',
  controlPlane: true,
  kubeletVersion: 'v1.34.1',
  talosVersion: 'v1.11.5',
}

describe('the status of a node', () => {
  it('follows the operation that holds it', () => {
    expect(nodeState({ record: applied, busy: 'applying', bootstrapped: true, kubernetes: member }).status).toBe(
      'applying',
    )
    expect(nodeState({ record: applied, busy: 'removing', bootstrapped: true, kubernetes: member }).status).toBe(
      'removing',
    )
  })

  it('is discovered until its hardware is known, then configured until it was handed over', () => {
    expect(nodeState({ record: { name: 'a', role: 'worker' }, bootstrapped: false }).status).toBe('discovered')
    expect(nodeState({ record: { ...applied, maintenance: true }, bootstrapped: false }).status).toBe('configured')
  })

  it('is ready when Kubernetes says so', () => {
    expect(nodeState({ record: applied, bootstrapped: true, kubernetes: member })).toEqual({
      status: 'ready',
      reason: '',
    })
  })

  it('says in the words of Kubernetes why it is not ready', () => {
    const state = nodeState({
      record: applied,
      bootstrapped: true,
      kubernetes: { ...member, ready: false, reason: 'container runtime is down' },
      answers: true,
    })
    expect(state).toEqual({ status: 'not_ready', reason: 'Kubernetes says: container runtime is down' })
  })

  it('is unreachable when the machine does not answer either', () => {
    expect(
      nodeState({ record: applied, bootstrapped: true, kubernetes: { ...member, ready: false }, answers: false })
        .status,
    ).toBe('unreachable')
    expect(nodeState({ record: applied, bootstrapped: true, kubernetes: 'unknown', answers: false }).status).toBe(
      'unreachable',
    )
    expect(nodeState({ record: applied, bootstrapped: false, answers: false }).status).toBe('unreachable')
  })

  it('waits for the bootstrap, the API or its joining', () => {
    expect(nodeState({ record: applied, bootstrapped: false, answers: true }).reason).toMatch(/bootstrapped/)
    expect(nodeState({ record: applied, bootstrapped: true, kubernetes: 'unknown', answers: true }).reason).toMatch(
      /API does not/,
    )
    expect(nodeState({ record: applied, bootstrapped: true, answers: true }).reason).toMatch(/not joined/)
  })
})

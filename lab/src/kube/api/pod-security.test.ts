import { expect, it } from 'vitest'
import { podSecurityLevel, podSecurityViolations } from './pod-security.ts'

const container = (securityContext = {}, more = {}) => ({ containers: [{ name: 'c', securityContext, ...more }] })

it.each([
  [{ ...container(), hostNetwork: true, hostPID: true }, 'host namespaces (hostNetwork=true, hostPID=true)'],
  [container({ privileged: true }), 'privileged (container "c" must not set securityContext.privileged=true)'],
  [
    container({ capabilities: { add: ['NET_ADMIN', 'CHOWN'] } }),
    'non-default capabilities (container "c" must not include "NET_ADMIN" in securityContext.capabilities.add)',
  ],
  [{ ...container(), volumes: [{ name: 'v', hostPath: { path: '/' } }] }, 'hostPath volumes (volume "v")'],
  [container({}, { ports: [{ containerPort: 53, hostPort: 53 }] }), 'hostPort (container "c" uses hostPort 53)'],
])('the baseline level does not allow %j', (spec, text) => {
  expect(podSecurityViolations(spec, 'baseline')).toEqual([text])
  expect(podSecurityViolations(spec, 'privileged')).toEqual([])
})

it('allows an ordinary pod at the baseline level, and says what the restricted level misses', () => {
  expect(podSecurityViolations(container(), 'baseline')).toEqual([])
  expect(podSecurityViolations(container(), 'restricted')).toEqual([
    'allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false)',
    'unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"])',
    'runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true)',
    'seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ])
  const careful = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  }
  expect(podSecurityViolations(container(careful), 'restricted')).toEqual([])
})

it('takes the level from the namespace, else from what Talos configures', () => {
  const namespace = (name: string, labels = {}) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })
  expect(podSecurityLevel(namespace('app'))).toBe('baseline')
  expect(podSecurityLevel(namespace('app'), 'warn')).toBe('restricted')
  expect(podSecurityLevel(namespace('app', { 'pod-security.kubernetes.io/enforce': 'privileged' }))).toBe('privileged')
  expect(podSecurityLevel(namespace('kube-system'))).toBe('privileged')
})

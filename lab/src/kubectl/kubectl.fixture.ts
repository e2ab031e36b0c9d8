import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import {
  bundleKubectl,
  type Ran,
  runKubectl,
  startTestCluster,
  type TestCluster,
  testAddress,
} from '../kube/api/cluster.fixture.ts'

/** A cluster for all tests of a file, with the stand-in kubectl beside it. What is in it is there once tests run. */
export function kubectlFixture() {
  const there = {} as { cluster: TestCluster; file: string; lab: string }
  beforeAll(async () => {
    there.lab = mkdtempSync(join(tmpdir(), 'wild-kubectl-'))
    ;[there.cluster, there.file] = await Promise.all([startTestCluster(testAddress(91)), bundleKubectl(there.lab)])
  })
  afterAll(async () => {
    await there.cluster.close()
    rmSync(there.lab, { recursive: true })
  })

  /** kubectl as the daemon calls it. */
  const kubectl = (args: string[], stdin = ''): Promise<Ran> =>
    runKubectl(there.file, ['--kubeconfig', there.cluster.kubeconfig, '--request-timeout=15s', ...args], stdin, {
      WILD_LAB_SOCKET: join(there.lab, 'lab.sock'),
    })
  return { there, kubectl }
}

/** How the daemon applies. */
export const applyArgs = ['apply', '--server-side', '--field-manager=wild-central', '--force-conflicts', '-f', '-']
/** A namespace with a Deployment in it. */
export const manifests = `
apiVersion: v1
kind: Namespace
metadata:
  name: app
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: app
spec:
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: web
          image: nginx:1.27
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
`

import { mkdtempSync, writeFileSync } from 'node:fs'
import { createLabClock } from '/work/main/lab/src/lab-clock.ts'
import { createCa } from '/work/main/lab/src/pki/index.ts'
import { openSqliteStore } from '/work/main/lab/src/sqlite-store.ts'
import { clientOf, kubeconfigText } from '/work/main/lab/src/kube/api/cluster.fixture.ts'
import { startKube } from '/work/main/lab/src/kube/index.ts'
const d = mkdtempSync('/tmp/kt/live-')
const store = openSqliteStore(d + '/lab.db')
const ca = await createCa({ organization: 'kubernetes', algorithm: 'p256' })
const vip = '127.90.77.90'
const node = (name: string, ip: string) => ({ name, ip, role: 'controlplane' as const, registered: true, ready: true, talosVersion: 'v1.11.5', kubernetesVersion: '1.34.1', labels: {}, taints: [], hasLonghornMount: true, extensions: ['siderolabs/iscsi-tools','siderolabs/util-linux-tools'], diskBytes: 5e11 })
const view = { id: 'c', name: 'c', vip, apiUp: true, ca, kubernetesVersion: '1.34.1', nodes: [node('a','127.90.77.91'), node('b','127.90.77.92'), node('c','127.90.77.93')] }
startKube({ clusters: { list: () => [view], onChange: () => () => {} }, store, clock: createLabClock(10), labDirectory: d })
writeFileSync('/tmp/kt/kc', kubeconfigText(`https://${vip}:6443`, ca.crt, await clientOf(ca, 'admin', 'system:masters')))
setTimeout(() => process.exit(0), 120_000)

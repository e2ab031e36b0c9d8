import { afterEach, expect, it } from 'vitest'
import { conditionOf, isTrue } from './conditions.ts'
import { deployment, startTestCluster, type TestCluster } from './test-cluster.ts'

let cluster: TestCluster
afterEach(() => cluster.close())

const pods = (app: string) => cluster.objects.list('Pod', { labels: { app } })
const get = (name: string) => cluster.objects.get('Deployment', 'default', name)!
const available = (name: string) => isTrue(get(name), 'Available')
const rolledOut = (name: string) => conditionOf(get(name), 'Progressing')?.reason === 'NewReplicaSetAvailable'
const setImage = (name: string, image: string) => {
  const next = structuredClone(get(name))
  next.spec.template.spec.containers[0].image = image
  cluster.objects.update(next)
}

it('becomes available after its pods pulled, started and got ready', async () => {
  cluster = await startTestCluster()
  const probe = { readinessProbe: { httpGet: { path: '/', port: 80 }, initialDelaySeconds: 5 } }
  cluster.add(deployment('web', { containers: [{ name: 'web', image: 'nginx:1.29', ...probe }] }, { replicas: 2 }))
  await cluster.settled()
  const reasons = pods('web').map(({ status }) => status.containerStatuses[0].state.waiting.reason)
  expect(reasons).toEqual(['ContainerCreating', 'ContainerCreating'])
  expect(available('web')).toBe(false)
  await cluster.pass(20, () => available('web') && rolledOut('web'))
  expect(get('web').status).toMatchObject({
    observedGeneration: 1,
    replicas: 2,
    updatedReplicas: 2,
    readyReplicas: 2,
    availableReplicas: 2,
  })
  expect(new Set(pods('web').map(({ spec }) => spec.nodeName)).size).toBe(2)
  expect(cluster.events('Scheduled')[0]).toMatch(/^Successfully assigned /)
  expect(cluster.events('Pulling')).toContain('Pulling image "nginx:1.29"')
})

it('keeps serving while it rolls to a new template', async () => {
  cluster = await startTestCluster()
  cluster.add(deployment('web', {}, { replicas: 2 }))
  await cluster.pass(30, () => rolledOut('web'))
  setImage('web', 'web:2.0')
  await cluster.settled()
  expect(rolledOut('web')).toBe(false)
  await cluster.pass(60, () => {
    expect(get('web').status.availableReplicas).toBeGreaterThanOrEqual(2)
    expect(pods('web').length).toBeLessThanOrEqual(3)
    return rolledOut('web')
  })
  expect(pods('web').map(({ spec }) => spec.containers[0].image)).toEqual(['web:2.0', 'web:2.0'])
  expect(get('web').metadata.annotations).toMatchObject({ 'deployment.kubernetes.io/revision': '2' })
  expect(cluster.objects.list('ReplicaSet', { labels: { app: 'web' } })).toHaveLength(2)
})

it('with Recreate removes the old pods before the new ones come', async () => {
  cluster = await startTestCluster()
  cluster.add(deployment('db', {}, { strategy: { type: 'Recreate' } }))
  await cluster.pass(30, () => rolledOut('db'))
  setImage('db', 'db:2.0')
  await cluster.pass(60, () => {
    expect(pods('db').length).toBeLessThanOrEqual(1)
    return rolledOut('db')
  })
  expect(pods('db')[0]!.spec.containers[0].image).toBe('db:2.0')
})

it('scales up and down, and starts anew after a restart annotation', async () => {
  cluster = await startTestCluster()
  cluster.add(deployment('web'))
  await cluster.pass(30, () => rolledOut('web'))
  cluster.objects.update({ ...get('web'), spec: { ...get('web').spec, replicas: 3 } })
  await cluster.pass(30, () => get('web').status.availableReplicas === 3)
  cluster.objects.update({ ...get('web'), spec: { ...get('web').spec, replicas: 1 } })
  await cluster.settled()
  expect(pods('web')).toHaveLength(1)
  const [before] = pods('web')
  const next = structuredClone(get('web'))
  next.spec.template.metadata.annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-01-01' }
  cluster.objects.update(next)
  await cluster.pass(30, () => rolledOut('web') && pods('web').length === 1)
  expect(pods('web')[0]!.metadata.name).not.toBe(before!.metadata.name)
})

it('says ProgressDeadlineExceeded when its image does not exist', async () => {
  cluster = await startTestCluster()
  cluster.add(
    deployment('web', { containers: [{ name: 'web', image: 'does-not-exist:1' }] }, { progressDeadlineSeconds: 30 }),
  )
  await cluster.pass(10, () => pods('web')[0]?.status.containerStatuses[0].state.waiting.reason === 'ErrImagePull')
  await cluster.pass(10, () => pods('web')[0]?.status.containerStatuses[0].state.waiting.reason === 'ImagePullBackOff')
  await cluster.pass(30, () => conditionOf(get('web'), 'Progressing')?.reason === 'ProgressDeadlineExceeded')
  expect(available('web')).toBe(false)
})

it('shows the refusal of a pod that breaks the Pod Security level of its namespace', async () => {
  cluster = await startTestCluster()
  const containers = [{ name: 'web', image: 'web:1', securityContext: { privileged: true } }]
  cluster.add(deployment('web', { containers }))
  await cluster.pass(2)
  const text =
    /^Error creating: pods "web-\w+-\w+" is forbidden: violates PodSecurity "baseline:latest": privileged \(container "web" must not set securityContext.privileged=true\)$/
  expect(cluster.events('FailedCreate')[0]).toMatch(text)
  expect(conditionOf(get('web'), 'ReplicaFailure')).toMatchObject({ status: 'True', reason: 'FailedCreate' })
  const home = cluster.objects.get('Namespace', undefined, 'default')!
  const labels = { 'pod-security.kubernetes.io/enforce': 'privileged' }
  cluster.objects.update({ ...home, metadata: { ...home.metadata, labels } })
  await cluster.pass(20, () => available('web'))
  expect(conditionOf(get('web'), 'ReplicaFailure')).toBeUndefined()
})

it('waits for its service account', async () => {
  cluster = await startTestCluster()
  cluster.add(deployment('web', { serviceAccountName: 'web' }))
  await cluster.pass(2)
  expect(cluster.events('FailedCreate')[0]).toMatch(
    /error looking up service account default\/web: serviceaccount "web" not found$/,
  )
  cluster.add({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web', namespace: 'default' } })
  await cluster.pass(20, () => available('web'))
})

it('goes on after the controllers were killed in the middle of a rollout', async () => {
  cluster = await startTestCluster()
  cluster.add(deployment('web', {}, { replicas: 2 }))
  await cluster.pass(30, () => rolledOut('web'))
  setImage('web', 'web:2.0')
  await cluster.pass(2)
  const pulling = pods('web').find(({ spec }) => spec.containers[0].image === 'web:2.0')!
  await cluster.restart()
  await cluster.pass(60, () => rolledOut('web'))
  expect(pods('web').map(({ metadata }) => metadata.name)).toContain(pulling.metadata.name)
  expect(pods('web')).toHaveLength(2)
})

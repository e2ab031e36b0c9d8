import { For, type JSX, Show } from 'solid-js'
import { graphql } from '../../graphql/graphql.ts'
import { createLiveFeed } from '../../graphql/live-feed.ts'
import { workload as texts } from '../../strings/workload.ts'
import { Badge, Loaded, Meter, Notice, Status } from '../../ui/parts.tsx'
import { bytes } from '../../ui/time.ts'
import type { Of } from './of.ts'

const WorldFeed = graphql(`
  subscription WorkloadWorld($instance: String!, $kind: WorkloadKind!, $name: String!) {
    workload(instance: $instance, kind: $kind, name: $name) {
      urls addresses lastError
      pods { name status ready restarts }
      volumes { name size phase storageClass usedBytes capacityBytes }
      certificates { host state validTo }
    }
  }
`)

interface Pod {
  name: string
  status: string
  ready: boolean
  restarts: number
}
interface Volume {
  name: string
  size: string | null
  phase: string
  storageClass: string | null
  usedBytes: number | null
  capacityBytes: number | null
}
interface Certificate {
  host: string
  state: keyof typeof texts.certificates
  validTo: string | null
}

/** Pods, addresses and volumes of an app or service, live from the cluster. */
export function WorkloadWorld(props: Of & { children?: JSX.Element }) {
  const feed = createLiveFeed(WorldFeed, () => ({ instance: props.instance, kind: props.kind, name: props.name }))
  return (
    <Loaded query={feed}>
      {(data) => (
        <>
          <Show when={data.workload.lastError}>
            {(error) => (
              <div class="mb-5">
                <Notice tone="warn">
                  <p class="font-medium">{texts.lastError}</p>
                  <p class="wrap-anywhere">{error()}</p>
                </Notice>
              </div>
            )}
          </Show>
          <div class="grid gap-5 lg:grid-cols-2 items-start">
            <Card title={texts.pods}>
              <Pods of={data.workload.pods} />
            </Card>
            <Card title={texts.addresses}>
              <Addresses
                urls={data.workload.urls}
                addresses={data.workload.addresses}
                certificates={data.workload.certificates}
              />
            </Card>
            <Show when={props.kind === 'app' || data.workload.volumes.length}>
              <Card title={texts.volumes}>
                <Volumes of={data.workload.volumes} />
              </Card>
            </Show>
            {props.children}
          </div>
        </>
      )}
    </Loaded>
  )
}

/** A part of the overview under a heading. */
export function Card(props: { title: string; children: JSX.Element }) {
  return (
    <section class="card p-5 min-w-0" aria-label={props.title}>
      <h2 class="font-semibold mb-3">{props.title}</h2>
      {props.children}
    </section>
  )
}

function Pods(props: { of: Pod[] }) {
  return (
    <Show when={props.of.length} fallback={<p class="text-quiet text-sm">{texts.noPods}</p>}>
      <ul class="grid gap-3 text-sm">
        <For each={props.of}>
          {(pod) => (
            <li class="min-w-0">
              <div class="flex flex-wrap justify-between gap-x-3 gap-y-1">
                <code class="break-all">{pod.name}</code>
                <Status value={pod.ready ? 'ready' : pod.status === 'Running' ? 'deploying' : pod.status} />
              </div>
              <p class="text-quiet text-small">
                {[pod.ready ? texts.podReady : texts.podWaits, texts.started(pod.restarts)].filter(Boolean).join(' · ')}
              </p>
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}

function Addresses(props: { urls: string[]; addresses: string[]; certificates: Certificate[] }) {
  const certificate = (url: string) => props.certificates.find(({ host }) => url.includes(`//${host}`))
  return (
    <Show
      when={props.urls.length + props.addresses.length}
      fallback={<p class="text-quiet text-sm">{texts.noAddresses}</p>}
    >
      <ul class="grid gap-3 text-sm">
        <For each={props.urls}>
          {(url) => (
            <li class="min-w-0">
              <a class="link break-all" href={url} target="_blank" rel="noreferrer">
                {url}
              </a>
              <Show when={certificate(url)}>{(found) => <CertificateLine of={found()} />}</Show>
            </li>
          )}
        </For>
        <For each={props.addresses}>
          {(address) => (
            <li>
              <code>{address}</code>
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}

function CertificateLine(props: { of: Certificate }) {
  const bad = () => ['expired', 'missing', 'expiring'].includes(props.of.state)
  return (
    <p class="text-small" classList={{ 'text-warn': bad(), 'text-quiet': !bad() }}>
      {texts.certificates[props.of.state]}
      {props.of.validTo ? `, ${texts.until(new Date(props.of.validTo).toLocaleDateString())}` : ''}
    </p>
  )
}

function Volumes(props: { of: Volume[] }) {
  return (
    <Show when={props.of.length} fallback={<p class="text-quiet text-sm">{texts.noVolumes}</p>}>
      <ul class="grid gap-3 text-sm">
        <For each={props.of}>
          {(volume) => (
            <li class="min-w-0">
              <Show
                when={volume.capacityBytes && volume.usedBytes !== null}
                fallback={
                  <div class="flex flex-wrap justify-between gap-2">
                    <code class="break-all">{volume.name}</code>
                    <span class="text-quiet">{[volume.size, volume.phase].filter(Boolean).join(' · ')}</span>
                  </div>
                }
              >
                <Meter
                  name={volume.name}
                  text={texts.used(bytes(volume.usedBytes!), bytes(volume.capacityBytes!))}
                  percent={(100 * volume.usedBytes!) / volume.capacityBytes!}
                />
              </Show>
              <Badge text={volume.storageClass ?? ''} />
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}

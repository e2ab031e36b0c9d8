import { createSignal, For, Show } from 'solid-js'
import { act } from '../graphql/act.ts'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { dnsText as texts } from '../strings/dns.ts'
import { Button, Fact, Loaded, Notice, PageHeader, Status } from '../ui/parts.tsx'
import { Settings } from './dns/settings.tsx'

const DnsQuery = graphql(
  `query Dns {
    dnsSettings { enabled interface port dnsServer dhcp dhcpRange leaseHours router }
    dnsmasq { status pid leases conf confirmUntil problem }
    leases { mac ip hostname expiresAt node }
    deviceInterfaces { name addresses }
  }`,
)
const ConfirmMutation = graphql('mutation ConfirmDns { confirmDns }')
const RestartMutation = graphql('mutation RestartDnsmasq { restartDnsmasq }')

export default function DnsPage() {
  const query = createLiveQuery(
    DnsQuery,
    () => ({}),
    ({ kind }) => kind !== 'operation',
  )
  return (
    <>
      <PageHeader title={texts.title} about={texts.about} />
      <Loaded query={query}>
        {(data) => (
          <div class="grid gap-5">
            <Show when={data.dnsmasq.confirmUntil}>{(until) => <Trial until={until()} />}</Show>
            <Show when={data.dnsmasq.problem}>{(problem) => <Notice tone="bad">{problem()}</Notice>}</Show>
            <dl class="card p-5 grid gap-4 grid-cols-2 sm:grid-cols-4">
              <Fact name={texts.dnsmasq}>
                <Status value={data.dnsmasq.status} />
              </Fact>
              <Fact name={texts.file}>{texts.files[data.dnsmasq.conf]}</Fact>
              <Fact name={texts.leases}>{data.dnsmasq.leases}</Fact>
              <Fact name={texts.process}>{data.dnsmasq.pid ?? '–'}</Fact>
            </dl>
            <Settings
              settings={data.dnsSettings}
              interfaces={data.deviceInterfaces}
              edited={data.dnsmasq.conf === 'edited'}
            />
            <section class="card p-5" aria-labelledby="leases">
              <h2 id="leases" class="font-semibold text-lg">
                {texts.leases}
              </h2>
              <Show when={data.leases.length > 0} fallback={<p class="text-quiet mt-1">{texts.noLeases}</p>}>
                <ul class="divide-y divide-line mt-2">
                  <For each={data.leases}>
                    {(lease) => (
                      <li class="py-2 flex flex-wrap gap-x-4">
                        <code>{lease.ip}</code>
                        <code class="text-quiet">{lease.mac}</code>
                        <span>{lease.node ?? lease.hostname}</span>
                        <span class="text-quiet ml-auto">
                          {lease.expiresAt ? texts.until(new Date(lease.expiresAt).toLocaleString()) : texts.always}
                        </span>
                      </li>
                    )}
                  </For>
                </ul>
              </Show>
            </section>
            <div class="flex flex-wrap gap-2 items-center">
              <Show when={data.dnsSettings.enabled}>
                <Button onClick={() => act(RestartMutation, {})}>{texts.restart}</Button>
              </Show>
            </div>
          </div>
        )}
      </Loaded>
    </>
  )
}

/** A change of DHCP stays only when somebody who still reaches this page says so. */
function Trial(props: { until: string }) {
  const [busy, setBusy] = createSignal(false)
  async function confirm(): Promise<void> {
    setBusy(true)
    await act(ConfirmMutation, {})
    setBusy(false)
  }
  return (
    <Notice tone="warn" alert>
      <p>{texts.trial(new Date(props.until).toLocaleTimeString())}</p>
      <div class="mt-3">
        <Button kind="main" disabled={busy()} onClick={confirm}>
          {texts.works}
        </Button>
      </div>
    </Notice>
  )
}

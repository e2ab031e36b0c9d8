import type { DnsService } from '../dns/index.ts'
import { type Architecture, type AssetRef, assetsOf, bootKinds, type Image } from '../talos/index.ts'
import type { PxeSettings } from './model.ts'

/** Where is looked for what is missing. */
export interface Around {
  dns: Pick<DnsService, 'settings' | 'state'>
  /** Loaders that are served by TFTP. */
  loaders: string[]
  imageOf(instance: string, architecture: Architecture): Promise<Image | undefined>
  copyOf(asset: AssetRef): Promise<string | undefined>
}

/** What keeps machines from booting although everything runs, each with the command that helps. */
export async function warningsFor(settings: PxeSettings, around: Around): Promise<string[]> {
  const [{ dhcp }, { status }] = await Promise.all([around.dns.settings(), around.dns.state()])
  const used = new Set([...Object.values(settings.machines), ...(settings.instance ? [settings.instance] : [])])
  const lacking = await Promise.all([...used].map((instance) => lackingFor(instance, around)))
  const untold = 'so nobody tells machines to boot from here'
  return [
    ...(status === 'running' ? [] : [`dnsmasq does not run, ${untold}: wild-cli dns set --enabled true --dhcp proxy`]),
    ...(status === 'running' && dhcp === 'off' ? [`DHCP is off, ${untold}: wild-cli dns set --dhcp proxy`] : []),
    ...(around.loaders.length ? [] : ['No network boot loader is here: wild-cli talos assets download']),
    ...lacking.flat(),
  ]
}

/** Files an instance boots PCs from that are not here. */
async function lackingFor(instance: string, { imageOf, copyOf }: Around): Promise<string[]> {
  const image = await imageOf(instance, 'amd64').catch(() => undefined)
  if (!image) return [`${instance} is set to boot, but has no Talos version or schematic.`]
  const copies = await Promise.all(assetsOf(image, bootKinds).map((asset) => copyOf(asset).catch(() => undefined)))
  if (copies.every(Boolean)) return []
  return [`Not everything ${instance} boots from is here: wild-cli talos assets download --instance ${instance}`]
}

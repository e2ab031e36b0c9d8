import { readFile } from 'node:fs/promises'
import { macAddress, talosVersion } from '../../platform/names.ts'
import { type Architecture, type AssetRef, architectures, assetsOf, type Image } from '../talos/index.ts'
import { type Asking, architectureOf, type BootStage, type Decision } from './model.ts'
import { askAgain, bootImage, menu, sayAndGoOn } from './script.ts'

/** What one request gets: a script, a file, or nothing. */
export type Answer =
  | { kind: 'script'; text: string; seen?: { asking: Asking; stage: BootStage; instance?: string } }
  | { kind: 'file'; path: string; asset: AssetRef }
  | { kind: 'none'; status: 404 | 503; why: string }

export interface AnswerDeps {
  /** Address of the listener with `/pxe`. */
  base(): string
  decide(mac: string | undefined): Promise<Decision>
  instances(): Promise<string[]>
  /** Version and schematic of an instance; undefined when one is not set. */
  imageOf(instance: string, architecture: Architecture): Promise<Image | undefined>
  /** Path of a file that is here and unharmed. */
  copyOf(asset: AssetRef): Promise<string | undefined>
}

const imageUrl = /^images\/(v[^/]+)\/([0-9a-f]{64})\/([a-z0-9]+)\/([\w.-]+)$/
const instanceUrl = /^instances\/([a-z0-9-]{1,40})\.ipxe$/
const missingSeconds = 20
const turnedAwaySeconds = 3

/** Answers paths below `/pxe/`. Nothing of a path ever reaches the file system: files are found by what they are. */
export function createAnswers(deps: AnswerDeps) {
  async function scriptFor(instance: string, asking: Asking): Promise<Answer> {
    const { architecture } = asking
    const image = await deps.imageOf(instance, architecture)
    if (!image) return missing(asking, instance, `${instance} has no Talos version or schematic.`)
    const assets = assetsOf(image, ['kernel', 'initramfs', 'cmdline'])
    const copies = await Promise.all(assets.map((asset) => deps.copyOf(asset).catch(() => undefined)))
    const lacking = assets.filter((_asset, at) => !copies[at]).map(({ file }) => file)
    if (lacking.length)
      return missing(
        asking,
        instance,
        `${lacking.join(', ')} of Talos ${image.version} for ${instance} is not here. Run: wild-cli talos assets download --instance ${instance} --architecture ${architecture}`,
      )
    const cmdline = await readFile(copies[assets.findIndex(({ kind }) => kind === 'cmdline')]!, 'utf8')
    const text = bootImage(deps.base(), image, cmdline.replace(/\s+/g, ' ').trim(), instance)
    return { kind: 'script', text, seen: { asking, stage: 'script', instance } }
  }

  function missing(asking: Asking, instance: string, words: string): Answer {
    return { kind: 'script', text: sayAndGoOn(words, missingSeconds), seen: { asking, stage: 'missing', instance } }
  }

  async function script(asking: Asking): Promise<Answer> {
    const { what, instance } = await deps.decide(asking.mac)
    if (what === 'instance') return scriptFor(instance!, asking)
    if (what === 'menu')
      return {
        kind: 'script',
        text: menu(deps.base(), await deps.instances(), asking),
        seen: { asking, stage: 'script' },
      }
    const text = sayAndGoOn(`this machine is not known here (${asking.mac ?? 'no address'}).`, turnedAwaySeconds)
    return { kind: 'script', text, seen: { asking, stage: 'turned_away' } }
  }

  async function file(asset: AssetRef | undefined): Promise<Answer> {
    if (!asset) return none('There is no such file.')
    const path = await deps.copyOf(asset)
    return path ? { kind: 'file', path, asset } : none(`${asset.file} is not downloaded yet.`)
  }

  function imageFile(path: string): Promise<Answer> {
    const [, version, schematicId, architecture, name] = imageUrl.exec(path)!
    const known = architectures.find((one) => one === architecture)
    if (!known || !talosVersion.safeParse(version).success) return file(undefined)
    const image = { version: version!, schematicId: schematicId!, architecture: known }
    return file(assetsOf(image, ['kernel', 'initramfs', 'cmdline', 'iso']).find((asset) => asset.file === name))
  }

  return {
    script,
    /** The answer to one path below `/pxe/`, without the slash. */
    async answer(path: string, query: URLSearchParams): Promise<Answer> {
      const given = query.get('mac')
      const mac = given ? macAddress.safeParse(given.replaceAll('-', ':')) : undefined
      if (mac && !mac.success) return none(`"${given!.slice(0, 40)}" is no hardware address.`)
      const asking = { mac: mac?.data, architecture: architectureOf(query.get('arch')) }
      if (path === 'boot.ipxe') return given ? script(asking) : { kind: 'script', text: askAgain(deps.base()) }
      const chosen = instanceUrl.exec(path)?.[1]
      if (chosen)
        return (await deps.instances()).includes(chosen)
          ? scriptFor(chosen, asking)
          : none('There is no such instance.')
      if (imageUrl.test(path)) return imageFile(path)
      return file(loaders().find((asset) => asset.file === path))
    },
  }
}

const none = (why: string): Answer => ({ kind: 'none', status: 404, why })

/** Every network boot loader. */
export function loaders(): AssetRef[] {
  return architectures.flatMap((architecture) => assetsOf({ version: '', schematicId: '', architecture }, ['loader']))
}

import type { Step } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { whyNot } from '../asset-check.ts'
import { type AssetKind, type AssetRef, assetId } from '../model.ts'
import type { DownloadDeps } from './world.ts'

/** Bytes; nothing that machines boot from is larger. */
const largest = 4 * 1024 ** 3
const hourMs = 3_600_000
/** Shares of the progress bar, about as large as the files are. */
const weights: Record<AssetKind, number> = { kernel: 20, initramfs: 80, cmdline: 1, iso: 150, loader: 1 }
const words: Record<AssetKind, string> = {
  kernel: 'kernel',
  initramfs: 'initramfs',
  cmdline: 'kernel arguments',
  iso: 'ISO image',
  loader: 'network boot loader',
}

/** One file, once. */
export function fetchAsset({ downloads, changed }: DownloadDeps, asset: AssetRef): Step {
  const { url, kind } = asset
  return {
    name: assetId(asset),
    title: `Downloading the ${words[kind]} (${asset.file})`,
    weight: weights[kind],
    timeoutMs: hourMs,
    done: async () => (await downloads.has(url)) && 'It is here.',
    async run(ctx) {
      let told = 0
      const advice =
        kind === 'loader'
          ? 'Try again later.'
          : 'Check version and extensions: wild-cli talos versions, wild-cli talos extensions.'
      await downloads.fetch(url, ctx.signal, {
        largest,
        advice,
        reject: (path) => whyNot(asset, path),
        progress(received, total) {
          if (!total) return
          ctx.progress(received / total)
          const tenth = Math.floor((received / total) * 10)
          if (tenth <= told) return
          told = tenth
          ctx.say(`${asset.file}: ${megabytes(received)} of ${megabytes(total)} MB`)
        },
      })
      changed()
    },
    async check() {
      if (!(await downloads.has(url))) throw new WildError('OPERATION_FAILED', `${asset.file} is not there.`, { url })
    },
    async plan() {
      return [{ kind: 'command', text: `curl -fLO ${url}` }]
    },
  }
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1)

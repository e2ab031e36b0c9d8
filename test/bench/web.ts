import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { root } from '../world.ts'

const limit = 70_000

/** JavaScript of the first load: what index.html names and what those import statically. */
export async function benchWeb(): Promise<void> {
  const folder = join(root, 'web/dist')
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const first = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, file]) => file!)
  const size = first.reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0)
  const all = readdirSync(join(folder, 'assets')).filter((name) => name.endsWith('.js'))
  console.log(
    `  first load ${(size / 1000).toFixed(1)} kB gzip of ${limit / 1000} kB allowed (ratio ${(size / limit).toFixed(2)}), ${all.length} files in all`,
  )
}

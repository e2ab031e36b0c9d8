/** Folders that hold copies and downloads; they are named and not read. */
const bulky = new Set(['.git', '.wildcloud', 'docs', 'backup', 'backups'])
const largestFile = 512 * 1024

/** A file of the folder; one without text is named and not read. */
export interface HomeFile {
  path: string
  text?: string
}

/** The texts of a chosen folder, by their path within it. */
export async function readFolder(chosen: FileList): Promise<HomeFile[]> {
  const named = new Set<string>()
  const files: HomeFile[] = []
  for (const file of chosen) {
    const parts = file.webkitRelativePath.split('/').slice(1)
    if (bulky.has(parts[0] ?? '')) {
      if (!named.has(parts[0]!)) files.push({ path: parts[0]! })
      named.add(parts[0]!)
    } else files.push({ path: parts.join('/'), ...(await textOf(file)) })
  }
  return files
}

async function textOf(file: File): Promise<{ text?: string }> {
  if (file.size > largestFile) return {}
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer()) }
  } catch {
    return {}
  }
}

import type { LabStore } from '../store.ts'

/** A schematic that the lab's image factory was given. */
export interface StoredSchematic {
  /** Canonical YAML: what the id is the hash of. */
  yaml: string
  extensions: string[]
}

export const SCHEMATICS = 'schematics'

/** Schematics the lab knows without being told: no extensions, and what Longhorn needs. */
const BUILT_IN: Record<string, string[]> = {
  '376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba': [],
  '613e1592b2da41ae5e265e8789429f22e121aab91cb4deb6bc3c0b6262961245': [
    'siderolabs/iscsi-tools',
    'siderolabs/util-linux-tools',
  ],
}

/** The system extensions of a schematic; none for an id that nobody ever posted. */
export function extensionsOf(store: LabStore, schematic: string): string[] {
  return store.get<StoredSchematic>(SCHEMATICS, schematic)?.extensions ?? BUILT_IN[schematic] ?? []
}

export { ArchitectureType } from './graphql.ts'
export {
  type Architecture,
  type Asset,
  type AssetRef,
  architectures,
  assetsOf,
  bootKinds,
  type Image,
} from './model.ts'
export { canonicalSchematic, type Schematic, schematicIdOf } from './schematic.ts'
export type { TalosService } from './service.ts'

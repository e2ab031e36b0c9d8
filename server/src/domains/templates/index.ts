export type { TemplatesService } from './service.ts'

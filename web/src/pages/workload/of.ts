/** Which app or service the views of this folder are about. */
export interface Of {
  instance: string
  kind: 'app' | 'service'
  name: string
}

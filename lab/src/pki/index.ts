export type { CaOptions, CertificateOptions, KeyAlgorithm, KeyPair } from './certificates.ts'
export { createCa, issueCertificate, selfSigned, verifyIssuedBy } from './certificates.ts'
export { fromBase64, readPrivateKey, toBase64, toTalosKey } from './pem.ts'

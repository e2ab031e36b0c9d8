/** Messages that every service of the machine API shares. */
export const commonProto = `
syntax = "proto3";
package common;
message Status { int32 code = 1; string message = 2; }
message Metadata { string hostname = 1; string error = 2; Status status = 3; }
message Data { Metadata metadata = 1; bytes bytes = 2; }
message Empty {}
message Timestamp { int64 seconds = 1; int32 nanos = 2; }
message Duration { int64 seconds = 1; int32 nanos = 2; }
`

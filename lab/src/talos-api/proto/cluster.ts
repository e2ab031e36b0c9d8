/** cluster.ClusterService and storage.StorageService. */
export const clusterProto = `
syntax = "proto3";
package cluster;
service ClusterService {
  rpc HealthCheck(HealthCheckRequest) returns (stream HealthCheckProgress);
}
message ClusterInfo {
  repeated string control_plane_nodes = 1;
  repeated string worker_nodes = 2;
  string force_endpoint = 3;
}
message HealthCheckRequest { common.Duration wait_timeout = 1; ClusterInfo cluster_info = 2; }
message HealthCheckProgress { common.Metadata metadata = 1; string message = 2; }
`
export const storageProto = `
syntax = "proto3";
package storage;
service StorageService {
  rpc Disks(common.Empty) returns (DisksResponse);
}
enum DiskType { UNKNOWN = 0; SSD = 1; HDD = 2; NVME = 3; SD = 4; CD = 5; }
message Disk {
  uint64 size = 1;
  string model = 2;
  string device_name = 3;
  string name = 4;
  string serial = 5;
  string modalias = 6;
  string uuid = 7;
  string wwid = 8;
  DiskType type = 9;
  string bus_path = 10;
  bool system_disk = 11;
  string subsystem = 12;
  bool readonly = 13;
}
message Disks { common.Metadata metadata = 1; repeated Disk disks = 2; }
message DisksResponse { repeated Disks messages = 1; }
`

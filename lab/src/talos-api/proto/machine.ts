/** machine.MachineService, as far as the lab's machines answer it. Field numbers are those of the public Talos API. */
export const machineProto = `
syntax = "proto3";
package machine;
service MachineService {
  rpc ApplyConfiguration(ApplyConfigurationRequest) returns (ApplyConfigurationResponse);
  rpc Bootstrap(BootstrapRequest) returns (BootstrapResponse);
  rpc Copy(CopyRequest) returns (stream common.Data);
  rpc EtcdForfeitLeadership(common.Empty) returns (EtcdForfeitLeadershipResponse);
  rpc EtcdLeaveCluster(common.Empty) returns (EtcdLeaveClusterResponse);
  rpc EtcdMemberList(EtcdMemberListRequest) returns (EtcdMemberListResponse);
  rpc EtcdRecover(stream common.Data) returns (EtcdRecoverResponse);
  rpc EtcdRemoveMemberByID(EtcdRemoveMemberByIDRequest) returns (EtcdRemoveMemberByIDResponse);
  rpc EtcdSnapshot(common.Empty) returns (stream common.Data);
  rpc Kubeconfig(common.Empty) returns (stream common.Data);
  rpc Read(ReadRequest) returns (stream common.Data);
  rpc Reboot(RebootRequest) returns (RebootResponse);
  rpc Reset(ResetRequest) returns (ResetResponse);
  rpc Rollback(common.Empty) returns (RollbackResponse);
  rpc ServiceList(common.Empty) returns (ServiceListResponse);
  rpc ServiceRestart(ServiceRequest) returns (ServiceRestartResponse);
  rpc ServiceStart(ServiceRequest) returns (ServiceStartResponse);
  rpc ServiceStop(ServiceRequest) returns (ServiceStopResponse);
  rpc Shutdown(ShutdownRequest) returns (ShutdownResponse);
  rpc Upgrade(UpgradeRequest) returns (UpgradeResponse);
  rpc Version(common.Empty) returns (VersionResponse);
}

enum ApplyMode { REBOOT = 0; AUTO = 1; NO_REBOOT = 2; STAGED = 3; TRY = 4; }
message ApplyConfigurationRequest {
  bytes data = 1;
  ApplyMode mode = 4;
  bool dry_run = 5;
  common.Duration try_mode_timeout = 6;
}
message ApplyConfiguration {
  common.Metadata metadata = 1;
  repeated string warnings = 2;
  ApplyMode mode = 3;
  string mode_details = 4;
}
message ApplyConfigurationResponse { repeated ApplyConfiguration messages = 1; }

message BootstrapRequest { bool recover_etcd = 1; bool recover_skip_hash_check = 2; }
message Bootstrap { common.Metadata metadata = 1; }
message BootstrapResponse { repeated Bootstrap messages = 1; }

message CopyRequest { string root_path = 1; }

message EtcdForfeitLeadership { common.Metadata metadata = 1; string member = 2; }
message EtcdForfeitLeadershipResponse { repeated EtcdForfeitLeadership messages = 1; }
message EtcdLeaveCluster { common.Metadata metadata = 1; }
message EtcdLeaveClusterResponse { repeated EtcdLeaveCluster messages = 1; }
message EtcdMemberListRequest { bool query_local = 1; }
message EtcdMember {
  uint64 id = 2;
  string hostname = 3;
  repeated string peer_urls = 4;
  repeated string client_urls = 5;
  bool is_learner = 6;
}
message EtcdMembers {
  common.Metadata metadata = 1;
  repeated string legacy_members = 2;
  repeated EtcdMember members = 3;
}
message EtcdMemberListResponse { repeated EtcdMembers messages = 1; }
message EtcdRecover { common.Metadata metadata = 1; }
message EtcdRecoverResponse { repeated EtcdRecover messages = 1; }
message EtcdRemoveMemberByIDRequest { uint64 member_id = 1; }
message EtcdRemoveMemberByID { common.Metadata metadata = 1; }
message EtcdRemoveMemberByIDResponse { repeated EtcdRemoveMemberByID messages = 1; }

message ReadRequest { string path = 1; }
message Rollback { common.Metadata metadata = 1; }
message RollbackResponse { repeated Rollback messages = 1; }

enum RebootMode { DEFAULT = 0; POWERCYCLE = 1; FORCE = 2; }
message RebootRequest { RebootMode mode = 1; }
message Reboot { common.Metadata metadata = 1; string actor_id = 2; }
message RebootResponse { repeated Reboot messages = 1; }
message ResetPartitionSpec { string label = 1; bool wipe = 2; }
enum WipeMode { ALL = 0; SYSTEM_DISK = 1; USER_DISKS = 2; }
message ResetRequest {
  bool graceful = 1;
  bool reboot = 2;
  repeated ResetPartitionSpec system_partitions_to_wipe = 3;
  repeated string user_disks_to_wipe = 4;
  WipeMode mode = 5;
}
message Reset { common.Metadata metadata = 1; string actor_id = 2; }
message ResetResponse { repeated Reset messages = 1; }
message ShutdownRequest { bool force = 1; }
message Shutdown { common.Metadata metadata = 1; string actor_id = 2; }
message ShutdownResponse { repeated Shutdown messages = 1; }
message UpgradeRequest {
  string image = 1;
  bool preserve = 2;
  bool stage = 3;
  bool force = 4;
  RebootMode reboot_mode = 5;
}
message Upgrade { common.Metadata metadata = 1; string ack = 2; string actor_id = 3; }
message UpgradeResponse { repeated Upgrade messages = 1; }

message ServiceEvent { string msg = 1; string state = 2; common.Timestamp ts = 3; }
message ServiceEvents { repeated ServiceEvent events = 1; }
message ServiceHealth {
  bool unknown = 1;
  bool healthy = 2;
  string last_message = 3;
  common.Timestamp last_change = 4;
}
message ServiceInfo { string id = 1; string state = 2; ServiceEvents events = 3; ServiceHealth health = 4; }
message ServiceList { common.Metadata metadata = 1; repeated ServiceInfo services = 2; }
message ServiceListResponse { repeated ServiceList messages = 1; }
message ServiceRequest { string id = 1; }
message ServiceResult { common.Metadata metadata = 1; string resp = 2; }
message ServiceRestartResponse { repeated ServiceResult messages = 1; }
message ServiceStartResponse { repeated ServiceResult messages = 1; }
message ServiceStopResponse { repeated ServiceResult messages = 1; }

message VersionInfo {
  string tag = 1;
  string sha = 2;
  string built = 3;
  string go_version = 4;
  string os = 5;
  string arch = 6;
}
message PlatformInfo { string name = 1; string mode = 2; }
message FeaturesInfo { bool rbac = 1; }
message Version {
  common.Metadata metadata = 1;
  VersionInfo version = 2;
  PlatformInfo platform = 3;
  FeaturesInfo features = 4;
}
message VersionResponse { repeated Version messages = 1; }
`

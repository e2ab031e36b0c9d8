/** cosi.resource.State, read only, and the definition of a resource type that \`get\` decodes. */
export const cosiProto = `
syntax = "proto3";
package cosi.resource;
service State {
  rpc Get(GetRequest) returns (GetResponse);
  rpc List(ListRequest) returns (stream ListResponse);
  rpc Create(WriteRequest) returns (WriteResponse);
  rpc Update(WriteRequest) returns (WriteResponse);
  rpc Destroy(WriteRequest) returns (WriteResponse);
}
message Metadata {
  string namespace = 1;
  string type = 2;
  string id = 3;
  string version = 4;
  string owner = 5;
  string phase = 6;
  common.Timestamp created = 7;
  common.Timestamp updated = 8;
  repeated string finalizers = 9;
  map<string, string> labels = 10;
  map<string, string> annotations = 11;
}
message Spec { bytes proto_spec = 1; string yaml_spec = 2; }
message Resource { Metadata metadata = 1; Spec spec = 2; }
message GetRequest { string namespace = 1; string type = 2; string id = 3; }
message GetResponse { Resource resource = 1; }
message IDQuery { string regexp = 1; }
message ListOptions { IDQuery id_query = 2; }
message ListRequest { string namespace = 1; string type = 2; ListOptions options = 3; }
message ListResponse { Resource resource = 1; }
message WriteRequest {}
message WriteResponse {}

message PrintColumn { string name = 1; string json_path = 2; }
message ResourceDefinitionSpec {
  string resource_type = 1;
  string display_type = 2;
  string default_namespace = 3;
  repeated string aliases = 4;
  repeated string all_aliases = 5;
  repeated PrintColumn print_columns = 6;
  int32 sensitivity = 7;
}
`

CREATE TABLE `operation_commands` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`operation` text NOT NULL,
	`step` text,
	`command` text NOT NULL,
	`env` text NOT NULL,
	`pid` integer,
	`pid_start` text,
	`exit_code` integer,
	`started_at` text NOT NULL,
	`ended_at` text,
	FOREIGN KEY (`operation`) REFERENCES `operations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `commands_by_operation` ON `operation_commands` (`operation`);--> statement-breakpoint
CREATE TABLE `locks` (
	`path` text PRIMARY KEY NOT NULL,
	`operation` text NOT NULL,
	FOREIGN KEY (`operation`) REFERENCES `operations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `operation_log` (
	`operation` text NOT NULL,
	`seq` integer NOT NULL,
	`at` text NOT NULL,
	`stream` text NOT NULL,
	`step` text,
	`message` text NOT NULL,
	PRIMARY KEY(`operation`, `seq`),
	FOREIGN KEY (`operation`) REFERENCES `operations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `machines` (
	`mac` text PRIMARY KEY NOT NULL,
	`seen` text NOT NULL,
	`instance` text,
	`seen_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `operations` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`title` text NOT NULL,
	`instance` text,
	`target` text,
	`input` text NOT NULL,
	`status` text NOT NULL,
	`progress` integer DEFAULT 0 NOT NULL,
	`message` text DEFAULT '' NOT NULL,
	`result` text,
	`error` text,
	`warnings` text NOT NULL,
	`via` text NOT NULL,
	`created_at` text NOT NULL,
	`started_at` text,
	`completed_at` text
);
--> statement-breakpoint
CREATE INDEX `operations_by_instance` ON `operations` (`instance`,`created_at`);--> statement-breakpoint
CREATE INDEX `operations_by_status` ON `operations` (`status`);--> statement-breakpoint
CREATE TABLE `operation_steps` (
	`operation` text NOT NULL,
	`id` text NOT NULL,
	`position` integer NOT NULL,
	`parent` text,
	`title` text NOT NULL,
	`weight` integer DEFAULT 1 NOT NULL,
	`state` text NOT NULL,
	`progress` integer DEFAULT 0 NOT NULL,
	`message` text,
	`attempt` integer DEFAULT 0 NOT NULL,
	`started_at` text,
	`ended_at` text,
	PRIMARY KEY(`operation`, `id`),
	FOREIGN KEY (`operation`) REFERENCES `operations`(`id`) ON UPDATE no action ON DELETE cascade
);

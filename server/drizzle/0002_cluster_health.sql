CREATE TABLE `health_checks` (
	`instance` text NOT NULL,
	`name` text NOT NULL,
	`position` integer NOT NULL,
	`status` text NOT NULL,
	`message` text NOT NULL,
	`remedy` text NOT NULL,
	`since` text NOT NULL,
	`checked_at` text NOT NULL,
	PRIMARY KEY(`instance`, `name`)
);
--> statement-breakpoint
CREATE TABLE `health_events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`instance` text NOT NULL,
	`name` text NOT NULL,
	`status` text NOT NULL,
	`message` text NOT NULL,
	`at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `health_events_by_instance` ON `health_events` (`instance`,`id`);--> statement-breakpoint
CREATE TABLE `health_looks` (
	`instance` text PRIMARY KEY NOT NULL,
	`status` text NOT NULL,
	`certificates` text NOT NULL,
	`checked_at` text NOT NULL
);

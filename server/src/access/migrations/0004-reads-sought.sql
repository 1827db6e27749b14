-- Auditors look for what an office read, about whom, and why. A subject may be longer than an index takes, so its digest is kept there.
CREATE INDEX reads_by_office ON access.reads (office, number);
CREATE INDEX reads_by_subject ON access.reads (md5(subject), number);
CREATE INDEX reads_by_purpose ON access.reads (purpose, number);

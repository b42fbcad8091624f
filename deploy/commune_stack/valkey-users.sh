#!/bin/sh
# Who may do what in Valkey, as lines of its configuration; each service has the keys and commands that it uses, and there
# is no default user. Passwords come from the environment and stand in no argument, where a list of processes shows them.
# Run by the container of Valkey and by the embedded one: what passes the tests is what servers have.
#
# Keys of jobs (arq:*) carry ids alone and are shared by the queues; the queues are not: a solver takes no notice.
set -euf
connect='+auth +hello +ping +select +client|setinfo'
work="$connect +watch +unwatch +multi +exec +exists +get +set +setex +psetex +incrby +expire +pexpire +del
      +zcard +zscore +zrangebyscore +zincrby +zrem +info +dbsize"
jobs='~arq:job:* ~arq:in-progress:* ~arq:retry:* ~arq:result:* ~arq:abort'
user() { echo "user" $*; } # unquoted: one line, whatever the lines above
user 'default reset off'
user "roster-api reset on >${REDIS_API_PASSWORD:?set it in .env} ~roster-rates:*
      $connect +get +ttl +evalsha +script|load +incrby +expire"
user "roster-relay reset on >${REDIS_RELAY_PASSWORD:?set it in .env} ~matching ~notices ~arq:job:* ~commune-roster:probe
      %R~arq:result:* %R~arq:in-progress:* $connect +watch +unwatch +multi +exec +exists +zscore +zadd +psetex +set"
user "matching-worker reset on >${REDIS_SOLVER_PASSWORD:?set it in .env} ~matching ~matching:health-check* $jobs
      $work +keys"
user "notifier reset on >${REDIS_NOTIFIER_PASSWORD:?set it in .env} ~notices ~notices:health-check ~commune-roster:probe
      $jobs $work"

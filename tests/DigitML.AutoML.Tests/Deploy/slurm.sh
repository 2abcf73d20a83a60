#!/bin/bash
# A Slurm of one node with four task slots in a folder of its own, without systemd and cgroups: slurm.sh start|stop FOLDER
# After start, SLURM_CONF=FOLDER/slurm.conf is what sbatch needs. Must run as root (Slurm's daemons do).
set -euo pipefail
folder=$2
host=$(hostname -s)
export SLURM_CONF=$folder/slurm.conf

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# Slurm's tools look for the node by name; where the machine's name has no address, the node is called localhost.
getent hosts "$host" >/dev/null || host=localhost

start() {
  mkdir -p "$folder"/{state,spool,munge}
  chmod 755 "$folder" "$folder/munge"
  chmod 700 "$folder/state"
  dd if=/dev/urandom of="$folder/munge.key" bs=64 count=1 status=none
  chmod 600 "$folder/munge.key"
  cat >"$folder/slurm.conf" <<CONF
ClusterName=digitml
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
SlurmUser=root
SlurmdUser=root
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=1,batch_sched_delay=0
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
  # The plugin must load, though nothing uses it: that of cgroup/v2 would ask systemd, and to have none is possible from 23.02 on.
  local plugin=disabled
  [[ $(slurmd -V) == *" 22."* ]] && plugin=cgroup/v1
  echo "CgroupPlugin=$plugin" >"$folder/cgroup.conf"
  munged --force --key-file="$folder/munge.key" --socket="$folder/munge/socket" --pid-file="$folder/munged.pid" --log-file="$folder/munged.log" --seed-file="$folder/munge.seed"
  slurmctld -c -f "$SLURM_CONF" </dev/null >"$folder/slurmctld.out" 2>&1 || true
  slurmd -c -N "$host" -f "$SLURM_CONF" </dev/null >"$folder/slurmd.out" 2>&1 || true
  for _ in $(seq 100); do
    [[ $(sinfo -h -o %T 2>/dev/null) == idle ]] && return
    sleep 0.2
  done
  tail -n 20 "$folder"/*.log "$folder"/*.out >&2
  stop
  exit 1
}

stop() {
  local daemon
  for daemon in slurmd slurmctld munged; do
    [[ -f $folder/$daemon.pid ]] && kill "$(cat "$folder/$daemon.pid")" 2>/dev/null || true
  done
  # They write their state before they end.
  for daemon in slurmd slurmctld munged; do
    for _ in $(seq 50); do
      [[ -f $folder/$daemon.pid ]] && kill -0 "$(cat "$folder/$daemon.pid")" 2>/dev/null || break
      sleep 0.1
    done
  done
}

"$1"

# http.csv to a Markdown table of medians. Repetition 0 warmed up and is not counted.
BEGIN {
  FS = ","
  goal["start,nothing"] = 0.5; goal["start,rclone"] = 2
  goal["status,nothing"] = 0.8; goal["status,rclone"] = 1.5
  named["ours"] = "**asyncops**"; named["nothing"] = "the same stack, doing nothing"; named["rclone"] = "rclone, in memory"
}

NR > 1 && $3 > 0 {
  key = $1 "," $2
  if (!(key in count)) keys[++rows] = key
  count[key]++
  insert(key, "rate", $4); insert(key, "p99", $5); insert(key, "cpu", $6)
}

END {
  print "| case, connections | who | requests/s | least – most | p99 | CPU a request | asyncops / it | goal |"
  print "|---|---|---:|---:|---:|---:|---:|---:|"
  for (row = 1; row <= rows; row++) print_row(keys[row])
}

function insert(key, column, value,    at) { # keeps each column's samples sorted
  for (at = count[key]; at > 1 && sample[key, column, at - 1] + 0 > value + 0; at--) sample[key, column, at] = sample[key, column, at - 1]
  sample[key, column, at] = value
}

function median(key, column,    n) {
  n = count[key]
  return n % 2 ? sample[key, column, (n + 1) / 2] : (sample[key, column, n / 2] + sample[key, column, n / 2 + 1]) / 2
}

function print_row(key,    part, kind, ratio, wanted) {
  split(key, part, ",")
  if (part[1] != current) { current = part[1]; ours = key }
  kind = part[1]; sub(/-[0-9]+$/, "", kind)
  ratio = key == ours ? "" : sprintf("%.2f", median(ours, "rate") / median(key, "rate"))
  wanted = (kind "," part[2]) in goal ? "≥ " goal[kind "," part[2]] (ratio < goal[kind "," part[2]] ? ", missed" : "") : ""
  printf "| %s | %s | %d | %d – %d | %.1f ms | %d µs | %s | %s |\n", part[1], named[part[2]], median(key, "rate"),
    sample[key, "rate", 1], sample[key, "rate", count[key]], median(key, "p99"), median(key, "cpu"), ratio, wanted
}

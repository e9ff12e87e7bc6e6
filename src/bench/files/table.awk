# files.csv to a Markdown table: medians, and the first peer of a case (ours) against each other one.
# Repetition 0 warmed up and is not counted.
BEGIN {
  FS = ","
  goal["file,cp_file"] = 1.0; goal["file,rclone_file"] = 0.2
  goal["file-durable,cp_file_sync"] = 0.9
  goal["tree,cp_tree"] = 0.8; goal["tree,rclone_tree"] = 0.2
  goal["delete-tree,rm_tree"] = 0.7
  goal["delete-paths,gio_delete_64"] = 0.35; goal["delete-paths,gio_delete_at_once"] = 0.01
  goal["connect,gio_connect"] = 0.67
  named["ours_file"] = named["ours_tree"] = "**asyncops**, durability NONE"
  named["ours_file_durable"] = named["ours_tree_durable"] = "**asyncops**, durability FSYNC"
  named["ours_delete_paths"] = "**asyncops**, one batch of paths"
  named["ours_delete_tree"] = "**asyncops**, one recursive path"
  named["ours_cancel"] = named["ours_connect"] = "**asyncops**"
  named["cp_file"] = "`cp`"; named["cp_file_sync"] = "`cp` and `sync FILE`"
  named["cp_tree"] = "`cp -a`"; named["cp_tree_sync"] = "`cp -a` and `sync -f`"
  named["rm_paths"] = "`xargs rm -f`"; named["rm_tree"] = "`rm -rf`"; named["find_tree"] = "`find -delete`"
  named["gio_file"] = named["gio_cancel"] = "GIO"; named["gio_connect"] = "GIO, 64 in flight"
  named["floor_unlink"] = "unlink(2), two bare threads"; named["gio_delete_64"] = "GIO, 64 in flight"; named["gio_delete_at_once"] = "GIO, all at once"
  named["rclone_file"] = named["rclone_tree"] = "rclone"; named["rclone_cancel"] = "rclone"
  named["rclone_file_unhashed"] = named["rclone_tree_unhashed"] = "rclone, IgnoreChecksum"
  named["rclone_tree_purge"] = "rclone purge"
}

NR > 1 && $3 > 0 {
  key = $1 "," $2
  if (!(key in count)) keys[++rows] = key
  insert(key, $4)
}

END {
  print "| case | who | median | least – most | runs | asyncops / it | goal |"
  print "|---|---|---:|---:|---:|---:|---:|"
  for (row = 1; row <= rows; row++) print_row(keys[row])
}

function insert(key, value,    at) { # keeps each key's samples sorted
  for (at = ++count[key]; at > 1 && sample[key, at - 1] + 0 > value + 0; at--) sample[key, at] = sample[key, at - 1]
  sample[key, at] = value
}

function median(key,    n) {
  n = count[key]
  return n % 2 ? sample[key, (n + 1) / 2] : (sample[key, n / 2] + sample[key, n / 2 + 1]) / 2
}

function print_row(key,    part, ratio, wanted) {
  split(key, part, ",")
  if (part[1] != current) { current = part[1]; ours = key }
  ratio = key == ours ? "" : sprintf("%.2f", median(ours) / median(key))
  wanted = key in goal ? sprintf("≤ %s%s", goal[key], median(ours) / median(key) > goal[key] ? ", missed" : "") : ""
  if (key == "cancel,ours_cancel") wanted = "p99 ≤ 10 ms" (quantile(key, 0.99) > 0.01 ? ", missed" : "")
  printf "| %s | %s | %s | %s – %s | %d | %s | %s |\n", part[1], part[2] in named ? named[part[2]] : part[2],
    shown(median(key)), shown(sample[key, 1]), shown(sample[key, count[key]]), count[key], ratio, wanted
}

function quantile(key, q,    at) {
  at = int(count[key] * q + 0.999999)
  return sample[key, at < 1 ? 1 : at]
}

function shown(seconds) { return seconds < 0.1 ? sprintf("%.2f ms", seconds * 1000) : sprintf("%.3f s", seconds) }

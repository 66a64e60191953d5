module loadgen/bench/goloop

go 1.19

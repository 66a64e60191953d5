-- Each connection writes so many requests at once: wrk -s wrk_pipeline.lua URL -- DEPTH

local batch

function init(arguments)
  local requests = {}
  for i = 1, tonumber(arguments[1]) do
    requests[i] = wrk.format()
  end
  batch = table.concat(requests)
end

function request()
  return batch
end
